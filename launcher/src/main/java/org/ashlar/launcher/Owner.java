package org.ashlar.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Whose a file is. */
final class Owner {
    private static final Path SELF = Path.of("/proc/self");

    private Owner() { }

    /** Whether the user this program runs as owns {@code file} itself, not what a link leads to. */
    static boolean isSelf(Path file) throws IOException {
        if (Files.exists(SELF)) {
            return uid(file) == (int) Files.getAttribute(SELF, "unix:uid");
        }
        return Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName().equals(System.getProperty("user.name"));
    }

    /** The number of the user that owns {@code file}. */
    static int uid(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }
}
