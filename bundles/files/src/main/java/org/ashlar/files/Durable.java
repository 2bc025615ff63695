package org.ashlar.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * File operations whose effect is on disk when they return, on files that belong to their owner alone. Not for virtual
 * threads: each one waits for the disk.
 */
public final class Durable {
    /** Mode 0600. */
    public static final Set<PosixFilePermission> OWNER_FILE =
            Set.copyOf(PosixFilePermissions.fromString("rw-------"));
    /** Mode 0700. */
    public static final Set<PosixFilePermission> OWNER_FOLDER =
            Set.copyOf(PosixFilePermissions.fromString("rwx------"));

    private Durable() { }

    /** Makes the entries of a folder durable. */
    public static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, READ)) {
            channel.force(true);
        }
    }

    /** Makes {@code folder} and what is missing above it, mode 0700; nothing happens when it is there. */
    public static void createFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder, NOFOLLOW_LINKS)) {
            return;
        }
        if (folder.getParent() != null && !Files.isDirectory(folder.getParent())) {
            createFolder(folder.getParent());
        }
        try {
            Files.createDirectory(folder, attributes(folder, OWNER_FOLDER));
        } catch (FileAlreadyExistsException e) {
            // Somebody else may have made it meanwhile, and not have put it on disk yet.
            if (!Files.isDirectory(folder, NOFOLLOW_LINKS)) {
                throw e;
            }
        }
        sync(folder.getParent());
    }

    /** Writes a file, mode 0600, whole or not at all; replaces one that is there. */
    public static void write(Path file, byte[] content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(fresh, Set.of(CREATE_NEW, WRITE), attributes(fresh, OWNER_FILE))) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, file, ATOMIC_MOVE);
        sync(file.getParent());
    }

    /** Moves a file or folder within its file system. */
    public static void move(Path from, Path to) throws IOException {
        Files.move(from, to, ATOMIC_MOVE);
        sync(to.getParent());
        if (!to.getParent().equals(from.getParent())) {
            sync(from.getParent());
        }
    }

    /** Makes a folder, its files and all below it durable. @throws IOException also when there is a link or device in it */
    public static void syncTree(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!attributes.isRegularFile()) {
                    throw new IOException(file + " is neither a file nor a folder");
                }
                try (FileChannel channel = FileChannel.open(file, READ)) {
                    channel.force(true);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                sync(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Deletes a file, or a folder and all below it, following no link; nothing happens when there is none. */
    public static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root, NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
        return isPosix(path) ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    /** Whether files there have an owner and a mode. */
    public static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
