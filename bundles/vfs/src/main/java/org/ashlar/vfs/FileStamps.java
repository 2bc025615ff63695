package org.ashlar.vfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.store.FileStamp;

/** Takes the stamps of files. */
final class FileStamps {
    /** A file system's clock ticks every few milliseconds, some tick every second. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private FileStamps() { }

    /** Empty also for a file that was changed just now, or lies in the future. */
    static Optional<FileStamp> of(Path file) {
        try {
            Map<String, Object> seen = Files.readAttributes(file, "unix:dev,ino,size,ctime", LinkOption.NOFOLLOW_LINKS);
            Instant changed = ((FileTime) seen.get("ctime")).toInstant();
            return changed.isAfter(Instant.now().minus(SETTLED)) ? Optional.empty()
                    : Optional.of(new FileStamp((long) seen.get("dev"), (long) seen.get("ino"), (long) seen.get("size"), changed));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }
}
