package org.ashlar.backup.local;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.ashlar.files.Durable;

/** The changes that a target makes to the file system, each as the system understands it: what is not synced may be lost. */
final class FileDisk {
    /** Most that is written at once: the JDK keeps as much memory for each thread that writes. */
    private static final int PIECE = 1 << 20;

    /** From here on a file goes to the disk past the system's memory, where that is possible. */
    private static final int LARGE = 256 << 10;

    private final boolean posix;
    /** What is written past the system's memory begins and ends at multiples of it; 0: nothing can be. Unknown before the first large file. */
    private volatile OptionalInt block = OptionalInt.empty();
    /** Held where the file system cannot give a second name, and the question and the move are two steps. */
    private final ReentrantLock moving = new ReentrantLock();

    FileDisk(Path folder) {
        posix = Durable.isPosix(folder);
    }

    /** Makes one folder, unless it is there. Its name is durable once the folder above is synced. */
    void makeFolder(Path folder) throws IOException {
        try {
            Files.createDirectory(folder, attributes(Durable.OWNER_FOLDER));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }

    /**
     * Makes a file and writes it; neither its bytes nor its name are durable yet.
     * <p>
     * A large one is not read soon, and is synced at once: that the system keeps a copy of it in memory costs more than all else in storing it.
     */
    void write(Path file, ByteBuffer content) throws IOException {
        int block = content.remaining() < LARGE ? 0 : block(file);
        if (block > 0) {
            try {
                write(file, content.duplicate(), block);
                return;
            } catch (IOException | UnsupportedOperationException e) {
                this.block = OptionalInt.of(0); // not on this file system; if it is something else, it comes again
                Files.deleteIfExists(file);
            }
        }
        try (FileChannel channel = create(file, WRITE)) {
            write(channel, content);
        }
    }

    private int block(Path file) throws IOException {
        if (block.isEmpty()) {
            long size = posix ? Files.getFileStore(file.getParent()).getBlockSize() : 0;
            block = OptionalInt.of(size > 0 && PIECE % size == 0 ? (int) size : 0);
        }
        return block.getAsInt();
    }

    /** Whole blocks past the system's memory, and then the rest. */
    private void write(Path file, ByteBuffer content, int block) throws IOException {
        int end = content.limit();
        content.limit(end - content.remaining() % block);
        // The JDK would make such memory anew for each piece.
        try (Arena memory = Arena.ofConfined(); FileChannel channel = create(file, WRITE, ExtendedOpenOption.DIRECT)) {
            ByteBuffer piece = memory.allocate(PIECE, block).asByteBuffer();
            while (content.hasRemaining()) {
                int length = Math.min(PIECE, content.remaining());
                piece.clear().put(0, content, content.position(), length).limit(length);
                while (piece.hasRemaining()) {
                    channel.write(piece);
                }
                content.position(content.position() + length);
            }
        }
        content.limit(end);
        try (FileChannel channel = FileChannel.open(file, WRITE, APPEND)) {
            write(channel, content);
        }
    }

    private FileChannel create(Path file, OpenOption... how) throws IOException {
        Set<OpenOption> options = new HashSet<>(List.of(how));
        options.add(CREATE_NEW);
        return FileChannel.open(file, options, attributes(Durable.OWNER_FILE));
    }

    private static void write(FileChannel channel, ByteBuffer content) throws IOException {
        int end = content.limit();
        while (content.position() < end) {
            content.limit(Math.min(end, content.position() + PIECE));
            channel.write(content);
        }
    }

    /** Makes a file's bytes durable. */
    void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, READ)) {
            channel.force(true);
        }
    }

    /** Gives a file a second name. @throws FileAlreadyExistsException when that is taken; atomic */
    void link(Path file, Path name) throws IOException {
        try {
            Files.createLink(name, file);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | IOException e) {
            moveUnlessThere(file, name, e);
        }
    }

    /** For file systems without hard links. Within this JVM it is put-if-absent; another program could come in between. */
    private void moveUnlessThere(Path file, Path name, Exception why) throws IOException {
        moving.lock();
        try {
            if (Files.exists(name, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(name.toString());
            }
            Files.move(file, name, ATOMIC_MOVE);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException e) {
            e.addSuppressed(why);
            throw e;
        } finally {
            moving.unlock();
        }
    }

    /** Removes a name. @return whether there was one */
    boolean delete(Path file) throws IOException {
        return Files.deleteIfExists(file);
    }

    /** Makes the names in a folder, and their absence, durable. */
    void syncFolder(Path folder) throws IOException {
        if (posix) {
            Durable.sync(folder);
        }
    }

    private FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
        return posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)} : new FileAttribute<?>[0];
    }
}
