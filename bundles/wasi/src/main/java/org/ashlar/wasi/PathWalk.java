package org.ashlar.wasi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Finds where one path of a guest leads, name by name, without ever leaving the directory that it starts from
 * (wasi-filesystem, path resolution). For one use, under the drive's lock.
 */
final class PathWalk {
    private final Path root;
    private final int floor;
    private final List<String> names;
    private final Deque<String> ahead = new ArrayDeque<>();
    private boolean asDirectory;
    private int links;
    private int steps;

    private PathWalk(Path root, List<String> base) {
        this.root = root;
        this.names = new ArrayList<>(base);
        this.floor = base.size();
    }

    /**
     * @param root   the drive's real path
     * @param base   names of the directory from which the path starts
     * @param follow whether a link at the very end is followed, too
     * @throws FileError when it leads out, through something that is no directory, or beyond a limit
     */
    static Place resolve(Path root, List<String> base, String path, boolean follow) throws IOException, FileError {
        PathWalk walk = new PathWalk(root, base);
        walk.requireBase();
        walk.push(path);
        return walk.run(follow);
    }

    private Place run(boolean follow) throws IOException, FileError {
        while (!ahead.isEmpty()) {
            if (++steps > Limits.PATH_STEPS) {
                throw new FileError(ErrorCode.LOOP, "more than " + Limits.PATH_STEPS + " names on the way");
            }
            String name = ahead.pop();
            switch (name) {
                case "." -> { }
                case ".." -> up();
                default -> {
                    Path host = host(name);
                    Optional<FileStat> found = FileStat.find(host);
                    boolean last = ahead.isEmpty();
                    if (found.filter(FileStat::isLink).isPresent() && (!last || follow || asDirectory)) {
                        follow(host);
                    } else if (found.filter(FileStat::isDirectory).isPresent()) {
                        names.add(name);
                    } else if (last) {
                        return end(name, host, found);
                    } else {
                        throw found.isPresent() ? notDirectory() : new FileError(ErrorCode.NO_ENTRY, "no such directory");
                    }
                }
            }
        }
        Path host = host();
        return new Place(List.copyOf(names), host, FileStat.find(host), names.size() == floor, asDirectory);
    }

    private Place end(String name, Path host, Optional<FileStat> found) throws FileError {
        if (asDirectory && found.isPresent()) {
            throw notDirectory();
        }
        names.add(name);
        return new Place(List.copyOf(names), host, found, false, asDirectory);
    }

    /** The directory it starts from was checked when it was opened, but may have been moved or replaced since. */
    private void requireBase() throws IOException, FileError {
        Path host = root;
        for (String name : names) {
            host = host.resolve(name);
            if (FileStat.find(host).filter(FileStat::isDirectory).isEmpty()) {
                throw new FileError(ErrorCode.NO_ENTRY, "the directory is not there any more");
            }
        }
    }

    /** Puts a path before what is still ahead. */
    private void push(String path) throws FileError {
        if (path.isEmpty()) {
            throw new FileError(ErrorCode.NO_ENTRY, "the path is empty");
        }
        if (path.startsWith("/")) {
            throw new FileError(ErrorCode.NOT_PERMITTED, "an absolute path");
        }
        if (path.indexOf('\0') >= 0) {
            throw new FileError(ErrorCode.ILLEGAL_BYTE_SEQUENCE, "a path with a zero character");
        }
        if (path.length() > Limits.PATH || bytes(path) > Limits.PATH) {
            throw new FileError(ErrorCode.NAME_TOO_LONG, "a path of more than " + Limits.PATH + " bytes");
        }
        if (ahead.isEmpty()) {
            asDirectory |= path.endsWith("/") || path.endsWith("/.") || path.equals(".");
        }
        Arrays.stream(path.split("/")).filter(name -> !name.isEmpty()).toList().reversed().forEach(ahead::push);
    }

    private void up() throws FileError {
        if (names.size() <= floor) {
            throw new FileError(ErrorCode.NOT_PERMITTED, "a path that leads out of its directory");
        }
        names.removeLast();
    }

    private void follow(Path link) throws IOException, FileError {
        if (++links > Limits.LINKS) {
            throw new FileError(ErrorCode.LOOP, "more than " + Limits.LINKS + " links on the way");
        }
        push(Files.readSymbolicLink(link).toString());
    }

    private Path host(String name) throws FileError {
        if (name.length() > Limits.NAME || bytes(name) > Limits.NAME) {
            throw new FileError(ErrorCode.NAME_TOO_LONG, "a name of more than " + Limits.NAME + " bytes");
        }
        try {
            Path parent = host();
            Path host = parent.resolve(name);
            if (!parent.equals(host.getParent())) {
                // Only where the host knows more separators than the slash.
                throw new FileError(ErrorCode.ILLEGAL_BYTE_SEQUENCE, "a name that is more than one on the host");
            }
            if (bytes(host.toString()) > Limits.PATH) {
                throw new FileError(ErrorCode.NAME_TOO_LONG, "a path of more than " + Limits.PATH + " bytes");
            }
            return host;
        } catch (InvalidPathException e) {
            throw new FileError(ErrorCode.ILLEGAL_BYTE_SEQUENCE, "a name that the host cannot have");
        }
    }

    private Path host() {
        Path host = root;
        for (String name : names) {
            host = host.resolve(name);
        }
        return host;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static FileError notDirectory() {
        return new FileError(ErrorCode.NOT_DIRECTORY, "something on the way is no directory");
    }
}
