package org.ashlar.wasi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;

/**
 * What the host says about a file, directory or link, without following a link.
 *
 * @param key the same for the same object, such as device and inode; the path where the host has none
 */
record FileStat(FileType type, long links, long size, Optional<FileTime> accessed, Optional<FileTime> modified,
                Optional<FileTime> changed, Object key) {
    private static final String UNIX_NAMES =
            "unix:isRegularFile,isDirectory,isSymbolicLink,nlink,size,lastAccessTime,lastModifiedTime,ctime,fileKey";

    static FileStat of(Path path) throws IOException {
        try {
            return ofUnix(path, Files.readAttributes(path, UNIX_NAMES, LinkOption.NOFOLLOW_LINKS));
        } catch (UnsupportedOperationException e) {
            return ofBasic(path);
        }
    }

    /** As {@link #of}, and nothing when there is none. */
    static Optional<FileStat> find(Path path) throws IOException {
        try {
            return Optional.of(of(path));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** An open file that has no name any more. */
    static FileStat unlinked(long size, Object key) {
        return new FileStat(FileType.REGULAR_FILE, 0, size, Optional.empty(), Optional.empty(), Optional.empty(), key);
    }

    private static FileStat ofUnix(Path path, Map<String, Object> values) {
        FileType type = FileType.of((Boolean) values.get("isRegularFile"), (Boolean) values.get("isDirectory"),
                (Boolean) values.get("isSymbolicLink"));
        return new FileStat(type, ((Number) values.get("nlink")).longValue(), (Long) values.get("size"),
                Optional.of((FileTime) values.get("lastAccessTime")), Optional.of((FileTime) values.get("lastModifiedTime")),
                Optional.of((FileTime) values.get("ctime")), values.get("fileKey"));
    }

    private static FileStat ofBasic(Path path) throws IOException {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        FileType type = FileType.of(found.isRegularFile(), found.isDirectory(), found.isSymbolicLink());
        Object key = Optional.ofNullable(found.fileKey()).orElse(path);
        return new FileStat(type, 1, found.size(), Optional.of(found.lastAccessTime()),
                Optional.of(found.lastModifiedTime()), Optional.empty(), key);
    }

    boolean isDirectory() {
        return type == FileType.DIRECTORY;
    }

    boolean isRegularFile() {
        return type == FileType.REGULAR_FILE;
    }

    boolean isLink() {
        return type == FileType.SYMBOLIC_LINK;
    }
}
