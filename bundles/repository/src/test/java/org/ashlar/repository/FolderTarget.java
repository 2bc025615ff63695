package org.ashlar.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.ashlar.api.backup.BackupTarget;

/** Objects as files of a folder, for what a memory has no room for. Nothing of it is durable. */
final class FolderTarget implements BackupTarget {
    private final Path root;

    FolderTarget(Path root) {
        this.root = root;
    }

    @Override
    public boolean put(String name, ByteBuffer content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        if (Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, java.nio.file.StandardOpenOption.CREATE_NEW, java.nio.file.StandardOpenOption.WRITE)) {
            ByteBuffer rest = content.duplicate();
            int end = rest.limit();
            while (rest.position() < end) {
                rest.limit(Math.min(end, rest.position() + (1 << 20)));
                channel.write(rest);
            }
        }
        return true;
    }

    @Override
    public int get(String name, long offset, ByteBuffer into) throws IOException {
        int before = into.position();
        try (FileChannel channel = FileChannel.open(root.resolve(name))) {
            while (into.hasRemaining() && channel.read(into, offset + into.position() - before) >= 0) {
                // a read may give less than was asked for
            }
        }
        return into.position() - before;
    }

    @Override
    public void list(String folder, Consumer<Stored> each) throws IOException {
        if (Files.isDirectory(root.resolve(folder))) {
            try (Stream<Path> files = Files.walk(root.resolve(folder))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    each.accept(new Stored(root.relativize(file).toString(), Files.size(file)));
                }
            }
        }
    }

    @Override
    public boolean delete(String name) throws IOException {
        return Files.deleteIfExists(root.resolve(name));
    }

    @Override
    public OptionalLong stat(String name) throws IOException {
        try {
            return OptionalLong.of(Files.size(root.resolve(name)));
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public void close() {
        // nothing is open
    }
}
