package org.ashlar.wasi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

import org.ashlar.component.Variant;

/**
 * What a file's timestamps are to become.
 *
 * @param accessed empty: as it is
 * @param modified empty: as it is
 */
record NewTimes(Optional<Instant> accessed, Optional<Instant> modified) {
    private static final int NO_CHANGE = 0;
    private static final int NOW = 1;
    private static final int NANOS = 1_000_000_000;

    /** From two {@code new-timestamp}s. */
    static NewTimes of(Variant accessed, Variant modified, Instant now) throws FileError {
        return new NewTimes(instant(accessed, now), instant(modified, now));
    }

    private static Optional<Instant> instant(Variant timestamp, Instant now) throws FileError {
        return switch (timestamp.tag()) {
            case NO_CHANGE -> Optional.empty();
            case NOW -> Optional.of(now);
            default -> Optional.of(instant((Object[]) timestamp.payload()));
        };
    }

    private static Instant instant(Object[] datetime) throws FileError {
        long seconds = ((Number) datetime[0]).longValue();
        long nanos = ((Number) datetime[1]).longValue();
        if (seconds < 0 || nanos >= NANOS) {
            throw new FileError(ErrorCode.INVALID, "no such time");
        }
        try {
            return Instant.ofEpochSecond(seconds, nanos);
        } catch (DateTimeException e) {
            throw new FileError(ErrorCode.OVERFLOW, "no such time");
        }
    }

    /** Sets them on what is at {@code path}, a link itself rather than what it leads to. */
    void set(Path path) throws IOException {
        Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(modified.map(FileTime::from).orElse(null), accessed.map(FileTime::from).orElse(null), null);
    }
}
