package org.ashlar.vfs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;

/**
 * Reads files below a folder without ever following a symbolic link. Where the system can, each name is opened relative
 * to the folder already open, so that nobody who may write there can exchange a folder for a link in between.
 */
final class DriveReader {
    private DriveReader() { }

    /**
     * Reads the file that {@code names} lead to.
     *
     * @param shown what the path is called in errors
     * @throws IOException when it is not there, is no plain file, is larger than {@code limit} or leads over a link
     */
    static byte[] read(Path folder, List<String> names, int limit, String shown) throws IOException {
        try (DirectoryStream<Path> opened = Files.newDirectoryStream(folder)) {
            if (opened instanceof SecureDirectoryStream<Path> secure) {
                return descend(secure, names, limit, shown);
            }
        }
        Path file = folder;
        for (String name : names) {
            file = file.resolve(name);
            if (Files.isSymbolicLink(file)) {
                throw link(shown);
            }
        }
        check(Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS), limit, shown);
        try (SeekableByteChannel channel = Files.newByteChannel(file, Set.of(READ, NOFOLLOW_LINKS))) {
            return readAll(channel, limit, shown);
        }
    }

    private static byte[] descend(SecureDirectoryStream<Path> folder, List<String> names, int limit, String shown)
            throws IOException {
        Path name = Path.of(names.getFirst());
        BasicFileAttributes attributes =
                folder.getFileAttributeView(name, BasicFileAttributeView.class, NOFOLLOW_LINKS).readAttributes();
        if (attributes.isSymbolicLink()) {
            throw link(shown);
        }
        if (names.size() > 1) {
            if (!attributes.isDirectory()) {
                throw new NoSuchFileException(shown);
            }
            try (SecureDirectoryStream<Path> below = folder.newDirectoryStream(name, NOFOLLOW_LINKS)) {
                return descend(below, names.subList(1, names.size()), limit, shown);
            }
        }
        check(attributes, limit, shown);
        try (SeekableByteChannel channel = folder.newByteChannel(name, Set.of(READ, NOFOLLOW_LINKS))) {
            return readAll(channel, limit, shown);
        }
    }

    private static void check(BasicFileAttributes attributes, int limit, String shown) throws IOException {
        if (attributes.isDirectory()) {
            throw new FileSystemException(shown, null, "is a folder");
        }
        if (!attributes.isRegularFile()) {
            throw new FileSystemException(shown, null, "is no plain file");
        }
        if (attributes.size() > limit) {
            throw tooLarge(attributes.size(), limit, shown);
        }
    }

    private static byte[] readAll(SeekableByteChannel channel, int limit, String shown) throws IOException {
        long size = channel.size();
        if (size > limit) {
            throw tooLarge(size, limit, shown);
        }
        ByteBuffer content = ByteBuffer.allocate((int) size);
        while (content.hasRemaining()) {
            if (channel.read(content) < 0) {
                throw new FileSystemException(shown, null, "became shorter while it was read");
            }
        }
        return content.array();
    }

    private static FileSystemException tooLarge(long size, int limit, String shown) {
        return new FileSystemException(shown, null, "has " + size + " bytes; at most " + limit + " are read at once");
    }

    private static FileSystemException link(String shown) {
        return new FileSystemException(shown, null, "leads over a symbolic link, which is not followed");
    }
}
