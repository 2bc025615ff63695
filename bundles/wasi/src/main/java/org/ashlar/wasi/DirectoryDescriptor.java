package org.ashlar.wasi;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

import org.ashlar.wasi.Quota.Use;

/**
 * A directory of a drive, as the base of paths. It stands for a place: when the directory is moved, the descriptor stays
 * behind. Holds nothing open on the host.
 */
final class DirectoryDescriptor implements Descriptor {
    private final Drive drive;
    private final List<String> names;
    private final long flags;

    private DirectoryDescriptor(Drive drive, List<String> names, long flags) {
        this.drive = drive;
        this.names = names;
        this.flags = flags;
    }

    static DirectoryDescriptor top(Drive drive) {
        return new DirectoryDescriptor(drive, List.of(), READ | MUTATE_DIRECTORY);
    }

    Descriptor open(String path, OpenRequest request, OpenFiles owner) throws IOException, FileError {
        if (request.directory() && request.writes()) {
            throw new FileError(ErrorCode.INVALID, "a directory is neither created nor truncated nor written by opening it");
        }
        return drive.locked(() -> {
            Place place = resolve(path, request.followLink() && !request.exclusive());
            if (place.stat().isEmpty()) {
                return create(place, request, owner);
            }
            if (request.exclusive()) {
                place.free();
            }
            FileStat found = place.required();
            return switch (found.type()) {
                case DIRECTORY -> openDirectory(place, request);
                case REGULAR_FILE -> openFile(place, found, request, owner);
                case SYMBOLIC_LINK -> throw new FileError(ErrorCode.LOOP, "a symbolic link");
                default -> throw new FileError(ErrorCode.UNSUPPORTED, "neither file nor directory");
            };
        });
    }

    FileStat statAt(String path, boolean follow) throws IOException, FileError {
        return drive.locked(() -> resolve(path, follow).required());
    }

    void setTimesAt(String path, boolean follow, NewTimes times) throws IOException, FileError {
        drive.locked(() -> {
            Place place = resolve(path, follow);
            place.required();
            times.set(place.host());
            return true;
        });
    }

    void createDirectory(String path) throws IOException, FileError {
        drive.locked(() -> {
            Place place = resolve(path, false);
            place.free();
            return adding(() -> Files.createDirectory(place.host()));
        });
    }

    void removeDirectory(String path) throws IOException, FileError {
        drive.locked(() -> {
            Place place = resolve(path, false).named();
            FileStat found = place.required();
            if (!found.isDirectory()) {
                throw new FileError(ErrorCode.NOT_DIRECTORY, "no directory");
            }
            return remove(place, found);
        });
    }

    void unlink(String path) throws IOException, FileError {
        drive.locked(() -> {
            Place place = resolve(path, false);
            FileStat found = place.required();
            if (found.isDirectory()) {
                throw new FileError(ErrorCode.IS_DIRECTORY, "a directory");
            }
            return remove(place, found);
        });
    }

    /** @param target what the link is to say; downwards only, see {@link Drive} */
    void link(String target, String path) throws IOException, FileError {
        if (target.startsWith("/") || Arrays.asList(target.split("/")).contains("..")) {
            throw new FileError(ErrorCode.NOT_PERMITTED, "a link may only lead downwards");
        }
        if (target.isEmpty()) {
            throw new FileError(ErrorCode.NO_ENTRY, "a link to nothing");
        }
        drive.locked(() -> {
            Place place = resolve(path, false);
            place.free();
            if (place.asDirectory()) {
                throw new FileError(ErrorCode.NO_ENTRY, "a link is no directory");
            }
            Path content = hostPath(target);
            return adding(() -> Files.createSymbolicLink(place.host(), content));
        });
    }

    String readLink(String path) throws IOException, FileError {
        return drive.locked(() -> {
            Place place = resolve(path, false);
            if (!place.required().isLink()) {
                throw new FileError(ErrorCode.INVALID, "no symbolic link");
            }
            Path target = Files.readSymbolicLink(place.host());
            if (target.isAbsolute()) {
                throw new FileError(ErrorCode.NOT_PERMITTED, "a link to an absolute path");
            }
            return target.toString();
        });
    }

    void rename(String path, DirectoryDescriptor newBase, String newPath) throws IOException, FileError {
        if (newBase.drive != drive) {
            throw new FileError(ErrorCode.CROSS_DEVICE, "from one drive to another");
        }
        drive.locked(() -> {
            Place from = resolve(path, false).named();
            Place to = newBase.resolve(newPath, false).named();
            requireRename(from, to);
            boolean replaces = to.stat().isPresent();
            if (replaces && to.required().key().equals(from.required().key())) {
                return true;
            }
            if (replaces && to.required().isDirectory()) {
                requireEmpty(to.host());
            }
            Files.move(from.host(), to.host(), StandardCopyOption.ATOMIC_MOVE);
            if (replaces) {
                drive.removed(to.required());
            }
            drive.inodes().renamed(from.host(), to.host());
            return true;
        });
    }

    DirectoryEntries entries(OpenFiles owner) throws IOException, FileError {
        owner.requireRoom();
        return drive.locked(() -> DirectoryEntries.open(self().host(), owner));
    }

    @Override
    public long flags() {
        return flags;
    }

    @Override
    public FileType type() {
        return FileType.DIRECTORY;
    }

    @Override
    public FileStat stat() throws IOException, FileError {
        return drive.locked(() -> self().required());
    }

    @Override
    public void setTimes(NewTimes times) throws IOException, FileError {
        setTimesAt(".", false, times);
    }

    @Override
    public void sync(boolean metadata) throws IOException, FileError {
        Path directory = drive.locked(() -> self().host());
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(metadata);
        }
    }

    @Override
    public byte[] secret() {
        return drive.secret();
    }

    private Place self() throws IOException, FileError {
        return resolve(".", false);
    }

    private Place resolve(String path, boolean follow) throws IOException, FileError {
        return PathWalk.resolve(drive.root(), names, path, follow);
    }

    private Descriptor create(Place place, OpenRequest request, OpenFiles owner) throws IOException, FileError {
        if (!request.create()) {
            throw new FileError(ErrorCode.NO_ENTRY, "no such file or directory");
        }
        if (place.asDirectory()) {
            throw new FileError(ErrorCode.IS_DIRECTORY, "a file's path does not end with a slash");
        }
        owner.requireRoom();
        FileChannel channel = adding(() -> FileChannel.open(place.host(), request.options(true)));
        return descriptor(channel, place, request, owner);
    }

    private Descriptor openFile(Place place, FileStat found, OpenRequest request, OpenFiles owner)
            throws IOException, FileError {
        if (request.directory()) {
            throw new FileError(ErrorCode.NOT_DIRECTORY, "a file, no directory");
        }
        owner.requireRoom();
        FileChannel channel = FileChannel.open(place.host(), request.options(false));
        if (request.truncate()) {
            drive.quota().give(Use.ofBytes(found.size()));
        }
        return descriptor(channel, place, request, owner);
    }

    private Descriptor descriptor(FileChannel channel, Place place, OpenRequest request, OpenFiles owner)
            throws IOException, FileError {
        return new FileDescriptor(OpenFile.of(drive, owner, channel, place), request.fileFlags(), drive.secret());
    }

    private Descriptor openDirectory(Place place, OpenRequest request) throws FileError {
        if (request.writes()) {
            throw new FileError(ErrorCode.IS_DIRECTORY, "a directory");
        }
        // As every drive may be written, so may every directory in it, whatever was asked for.
        return new DirectoryDescriptor(drive, place.names(), request.descriptorFlags() | READ | MUTATE_DIRECTORY);
    }

    /** Does what adds a name, within the quota. */
    private <T> T adding(FileWork<T> work) throws IOException, FileError {
        drive.quota().take(Use.ofFiles(1));
        boolean done = false;
        try {
            T result = work.run();
            done = true;
            return result;
        } finally {
            if (!done) {
                drive.quota().give(Use.ofFiles(1));
            }
        }
    }

    private boolean remove(Place place, FileStat found) throws IOException {
        Files.delete(place.host());
        drive.removed(found);
        return true;
    }

    /** The rules of POSIX rename that the host's own error would not tell apart for us. */
    private static void requireRename(Place from, Place to) throws FileError {
        boolean directory = from.required().isDirectory();
        if (to.asDirectory() && !directory) {
            throw new FileError(ErrorCode.NOT_DIRECTORY, "a file cannot become a directory");
        }
        if (directory && startsWith(to.names(), from.names()) && !to.names().equals(from.names())) {
            throw new FileError(ErrorCode.INVALID, "a directory cannot move into itself");
        }
        if (startsWith(from.names(), to.names()) && !to.names().equals(from.names())) {
            throw new FileError(ErrorCode.NOT_EMPTY, "a directory in the way is not empty");
        }
        if (to.stat().isPresent() && to.required().isDirectory() != directory) {
            throw new FileError(directory ? ErrorCode.NOT_DIRECTORY : ErrorCode.IS_DIRECTORY, "something else in the way");
        }
    }

    private static void requireEmpty(Path directory) throws IOException, FileError {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            if (entries.iterator().hasNext()) {
                throw new FileError(ErrorCode.NOT_EMPTY, "a directory in the way is not empty");
            }
        }
    }

    private static boolean startsWith(List<String> names, List<String> prefix) {
        return names.size() >= prefix.size() && names.subList(0, prefix.size()).equals(prefix);
    }

    private static Path hostPath(String text) throws FileError {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new FileError(ErrorCode.ILLEGAL_BYTE_SEQUENCE, "a name that the host cannot have");
        }
    }
}
