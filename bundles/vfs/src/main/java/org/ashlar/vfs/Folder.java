package org.ashlar.vfs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ashlar.files.Durable;

/**
 * A folder that is open. Every name is used relative to it ({@code openat} and its kin) and no symbolic link is followed,
 * neither on the way nor at the end; so nobody who may write there can exchange a folder for a link in between.
 * <p>
 * Several threads may use one at the same time, except for listing. Every method does file I/O.
 */
final class Folder implements Closeable {
    private static final FileAttribute<?> OWNER_FILE = PosixFilePermissions.asFileAttribute(Durable.OWNER_FILE);
    private static final Path SELF = Path.of(".");

    private final SecureDirectoryStream<Path> stream;

    private Folder(SecureDirectoryStream<Path> stream) {
        this.stream = stream;
    }

    /** Opens a folder by its path, which nobody but the node's owner can change. */
    static Folder open(Path folder) throws IOException {
        DirectoryStream<Path> opened = Files.newDirectoryStream(folder);
        if (opened instanceof SecureDirectoryStream<Path> secure) {
            return new Folder(secure);
        }
        opened.close();
        throw new IOException("the file system of " + folder + " cannot open files relative to a folder, which drives need;"
                + " put the home on a local file system of Linux or another Unix");
    }

    /** Walks down. The caller closes what it gets, which may not be this one. */
    Folder descend(List<String> names) throws IOException {
        Folder at = folder(".");
        for (String name : names) {
            try (Folder left = at) {
                at = left.folder(name);
            }
        }
        return at;
    }

    /** Opens the folder {@code name}. @throws FileSystemException also when it is a link or no folder */
    Folder folder(String name) throws IOException {
        return new Folder(stream.newDirectoryStream(Path.of(name), NOFOLLOW_LINKS));
    }

    /** What is there under {@code name}; a link itself, not what it leads to. */
    Optional<BasicFileAttributes> find(String name) throws IOException {
        try {
            return Optional.of(stream.getFileAttributeView(Path.of(name), BasicFileAttributeView.class, NOFOLLOW_LINKS)
                    .readAttributes());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** The plain file {@code name}, if there is one. @throws FileSystemException when it is something else */
    Optional<BasicFileAttributes> findFile(String name) throws IOException {
        Optional<BasicFileAttributes> found = find(name);
        if (found.isPresent() && !found.get().isRegularFile()) {
            throw new FileSystemException(name, null, found.get().isDirectory() ? "is a folder"
                    : found.get().isSymbolicLink() ? "is a symbolic link, which is not followed" : "is no plain file");
        }
        return found;
    }

    /** Opens a plain file; one that is made has mode 0600. */
    FileChannel channel(String name, OpenOption... options) throws IOException {
        Set<OpenOption> all = new HashSet<>(Set.of(options));
        all.add(NOFOLLOW_LINKS);
        return (FileChannel) stream.newByteChannel(Path.of(name), all, OWNER_FILE);
    }

    void deleteFile(String name) throws IOException {
        stream.deleteFile(Path.of(name));
    }

    /** Deletes an empty folder. */
    void deleteFolder(String name) throws IOException {
        stream.deleteDirectory(Path.of(name));
    }

    /** Moves in one step; a file or an empty folder that is there is replaced. Both must be on one file system. */
    void move(String name, Folder target, String targetName) throws IOException {
        stream.move(Path.of(name), target.stream, Path.of(targetName));
    }

    /**
     * The names in it, in no order. Once only.
     *
     * @throws FileSystemException when there are more than {@code limit}
     */
    List<String> names(int limit) throws IOException {
        List<String> names = new ArrayList<>();
        try {
            for (Path entry : stream) {
                if (names.size() == limit) {
                    throw new FileSystemException(null, null, "has more than " + limit + " entries, the most that are listed");
                }
                names.add(entry.getFileName().toString());
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    /** Makes the entries of this folder durable. */
    void sync() throws IOException {
        try (FileChannel self = (FileChannel) stream.newByteChannel(SELF, Set.of(READ, NOFOLLOW_LINKS))) {
            self.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
