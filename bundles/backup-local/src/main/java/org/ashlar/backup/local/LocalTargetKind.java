package org.ashlar.backup.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.BackupTargetKind;
import org.ashlar.api.backup.Credential;
import org.osgi.service.component.annotations.Component;

/** Folders: whatever is no URL is the path of one. */
@Component(service = BackupTargetKind.class)
public final class LocalTargetKind implements BackupTargetKind {
    private static final String PATH = "path";

    @Override
    public boolean isFor(String location) {
        return !location.matches("[a-zA-Z][a-zA-Z0-9+.-]*://.*|[a-z0-9]+:[^/].*");
    }

    @Override
    public String pid() {
        return LocalTargetProvider.PID;
    }

    @Override
    public Map<String, Object> configuration(String location, Path folder, Map<String, String> options) throws IOException {
        try {
            Path path = folder.resolve(location).toAbsolutePath().normalize();
            if (Files.exists(path) && !Files.isDirectory(path)) {
                throw new NotDirectoryException(path + " is no folder");
            }
            return Map.of(PATH, path.toString(), BackupTarget.LOCATION, path.toString());
        } catch (InvalidPathException e) {
            throw new IOException("\"" + location + "\" is no path: " + e.getReason(), e);
        }
    }

    @Override
    public BackupTarget open(Map<String, Object> configuration, Credential credential) throws IOException {
        Path path = Path.of(String.valueOf(configuration.get(PATH)));
        if (!Files.isDirectory(path)) {
            throw new NoSuchFileException(path.toString(), null, "there is no folder " + path + "; is the disk there?");
        }
        return new LocalTarget(path);
    }
}
