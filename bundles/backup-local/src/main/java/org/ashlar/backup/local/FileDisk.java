package org.ashlar.backup.local;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.ashlar.files.Durable;

/** The changes that a target makes to the file system, each as the system understands it: what is not synced may be lost. */
final class FileDisk {
    /** Most that is written at once: the JDK keeps as much memory for each thread that writes. */
    private static final int PIECE = 1 << 20;

    private final boolean posix;
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

    /** Makes a file and writes it; neither its bytes nor its name are durable yet. */
    void write(Path file, ByteBuffer content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, Set.of(CREATE_NEW, WRITE), attributes(Durable.OWNER_FILE))) {
            int end = content.limit();
            while (content.position() < end) {
                content.limit(Math.min(end, content.position() + PIECE));
                channel.write(content);
            }
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
