package org.ashlar.wasi;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of a drive that are open in some instance: where each is, as it may be renamed meanwhile, and whether it still
 * has a name, as a file that has none takes room until it is closed. Guarded by the drive's lock.
 */
final class Inodes {
    private final Map<Object, Inode> open = new HashMap<>();

    Inode opened(Object key, Path path, FileChannel channel) {
        Inode inode = open.computeIfAbsent(key, k -> new Inode(k, path));
        inode.channels.add(channel);
        return inode;
    }

    /** The bytes that become free, when it was the last use of a file without a name; the channel is still open. */
    long closing(Inode inode, FileChannel channel) throws IOException {
        inode.channels.remove(channel);
        if (!inode.channels.isEmpty()) {
            return 0;
        }
        open.remove(inode.key);
        return inode.path.isEmpty() ? channel.size() : 0;
    }

    /** A file lost its name. Whether it is open and so keeps its room. */
    boolean unlinked(Object key) {
        Optional<Inode> inode = Optional.ofNullable(open.get(key));
        inode.ifPresent(i -> i.path = Optional.empty());
        return inode.isPresent();
    }

    /** A file, or a directory with all in it, has moved. */
    void renamed(Path from, Path to) {
        for (Inode inode : open.values()) {
            inode.path = inode.path.map(path -> path.startsWith(from) ? to.resolve(from.relativize(path)) : path);
        }
    }

    /** What files without a name take. */
    long bytesWithoutName() throws IOException {
        long bytes = 0;
        for (Inode inode : open.values()) {
            if (inode.path.isEmpty()) {
                bytes += inode.channels.getFirst().size();
            }
        }
        return bytes;
    }

    /** A file that is open, once or more often. */
    static final class Inode {
        private final Object key;
        private final List<FileChannel> channels = new ArrayList<>(1);
        private Optional<Path> path;

        private Inode(Object key, Path path) {
            this.key = key;
            this.path = Optional.of(path);
        }

        Object key() {
            return key;
        }

        /** Where it is, if it still is what is there. */
        Optional<Path> path() throws IOException {
            if (path.isPresent() && FileStat.find(path.get()).filter(stat -> stat.key().equals(key)).isEmpty()) {
                return Optional.empty();
            }
            return path;
        }
    }
}
