package org.ashlar.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

/**
 * When files last changed, by the clock of their file system, which nobody sets for a single file. What changed within
 * {@link #GRAIN} of now may change again without its time becoming another one.
 */
public final class ChangeTimes {
    /** Coarsest time that a file system keeps for a change: that of FAT. */
    public static final Duration GRAIN = Duration.ofSeconds(2);

    private ChangeTimes() { }

    /** @throws UnsupportedOperationException where the file system keeps none */
    public static Instant of(Path file) throws IOException {
        return ((FileTime) Files.getAttribute(file, "unix:ctime", NOFOLLOW_LINKS)).toInstant();
    }

    /** What a file would get that changed now. @param folder on that file system; a file is made there, and deleted */
    public static Instant now(Path folder) throws IOException {
        Path probe = Files.createTempFile(folder, "now", "");
        try {
            return of(probe);
        } finally {
            Files.delete(probe);
        }
    }
}
