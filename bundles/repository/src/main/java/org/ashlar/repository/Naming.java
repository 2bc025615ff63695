package org.ashlar.repository;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** How what a restore makes gets its name: what has the name before keeps it until the new is whole, and then gives way in one step. */
final class Naming {
    private Naming() { }

    /** Where an entry is made: under its name, or beside it while something else has that. */
    static Path place(Path to) {
        return Files.exists(to, LinkOption.NOFOLLOW_LINKS) ? to.resolveSibling(".restoring-" + UUID.randomUUID()) : to;
    }

    /** Gives what is whole its name. @throws IOException when it cannot: then it is gone, unless it has its name already */
    static void name(Path made, Path to) throws IOException {
        if (made.equals(to)) {
            return;
        }
        try {
            if (Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS)) {
                Files.delete(to); // an empty one
            }
            Files.move(made, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(made);
            throw e instanceof DirectoryNotEmptyException ? new IOException("a folder with something in it has that name", e) : e;
        }
    }
}
