package org.ashlar.backup.sftp;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.BackupTargetKind;
import org.ashlar.api.backup.Credential;
import org.osgi.service.component.annotations.Component;

/** Folders on SSH servers: {@code sftp://USER@HOST[:PORT]/PATH}. */
@Component(service = BackupTargetKind.class)
public final class SftpTargetKind implements BackupTargetKind {
    @Override
    public boolean isFor(String location) {
        return location.toLowerCase(Locale.ROOT).startsWith("sftp://");
    }

    @Override
    public String pid() {
        return SftpTargetProvider.PID;
    }

    @Override
    public Set<String> options() {
        return Set.of(SftpPlace.HOST_KEY, SftpPlace.KEY_FILE);
    }

    /** Without a host key it asks the host for one, and fails with what it shows. */
    @Override
    public Map<String, Object> configuration(String location, Path folder, Map<String, String> options) throws IOException {
        SftpPlace place = SftpPlace.of(location, folder, options);
        if (place.hostKeys().isEmpty()) {
            try (SftpConnection connection = new SftpConnection(place, Credential.NONE)) {
                connection.with(channel -> true);
            }
        }
        return place.configuration();
    }

    @Override
    public List<Credential.Part> credential(Map<String, Object> configuration) throws IOException {
        SftpPlace place = SftpPlace.of(configuration);
        if (place.keyFile().isEmpty()) {
            return List.of(new Credential.Part("Password of " + place.user() + " at " + place.host(), true));
        }
        return PrivateKeyFile.isLocked(place.keyFile().get())
                ? List.of(new Credential.Part("Passphrase of the key " + place.keyFile().get(), true)) : List.of();
    }

    @Override
    public BackupTarget open(Map<String, Object> configuration, Credential credential) {
        SftpPlace place = SftpPlace.of(configuration);
        return new SftpTarget(place.folder(), new SftpConnection(place, credential));
    }
}
