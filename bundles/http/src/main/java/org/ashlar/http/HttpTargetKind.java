package org.ashlar.http;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.BackupTargetKind;
import org.ashlar.api.backup.Credential;

/** A kind of targets that are written {@code KIND:https://HOST/PATH}. */
public abstract class HttpTargetKind implements BackupTargetKind {
    private final String kind;
    private final String pid;
    private final Opening opening;

    /** Makes a target; asks nobody. */
    public interface Opening {
        BackupTarget open(HttpPlace place, Credential credential);
    }

    protected HttpTargetKind(String kind, String pid, Opening opening) {
        this.kind = kind;
        this.pid = pid;
        this.opening = opening;
    }

    @Override
    public boolean isFor(String location) {
        return HttpPlace.isFor(kind, location);
    }

    @Override
    public String pid() {
        return pid;
    }

    @Override
    public Set<String> options() {
        return HttpPlace.OPTIONS;
    }

    @Override
    public Map<String, Object> configuration(String location, Path folder, Map<String, String> options) throws IOException {
        return HttpPlace.configuration(kind, location, options);
    }

    @Override
    public List<Credential.Part> credential(Map<String, Object> configuration) throws IOException {
        return HttpPlace.of(configuration).credential();
    }

    @Override
    public BackupTarget open(Map<String, Object> configuration, Credential credential) throws IOException {
        return opening.open(HttpPlace.of(configuration), credential);
    }

    /** Opens one in a node, with the credential that the node keeps. */
    public static BackupTarget open(Path home, Map<String, Object> configuration, Opening opening) throws IOException {
        HttpPlace place = HttpPlace.of(configuration);
        return opening.open(place, place.user().isEmpty() ? Credential.NONE
                : Credential.kept(home, String.valueOf(configuration.get(BackupTarget.NAME))));
    }
}
