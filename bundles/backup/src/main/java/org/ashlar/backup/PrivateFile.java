package org.ashlar.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.ashlar.files.Durable;

/** Small files that their owner alone may read, replaced as a whole. */
final class PrivateFile {
    private static final int MAX = 1 << 20;

    private PrivateFile() { }

    /** @throws IOException also when it is longer than 1 MiB */
    static Optional<byte[]> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        if (Files.size(file) > MAX) {
            throw new IOException(file + " has more than 1 MiB, and never has here");
        }
        return Optional.of(Files.readAllBytes(file));
    }

    /** Atomic, and durable when it returns; makes the folder when it is missing. */
    static void write(Path file, byte[] content) throws IOException {
        Durable.createFolder(file.getParent());
        Durable.write(file, content);
    }

    /** Durable when it returns. */
    static void delete(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            Durable.sync(file.getParent());
        }
    }
}
