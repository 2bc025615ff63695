package org.ashlar.tck.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps book of what a loss of power would leave of a folder: content of files that were synced since, names in folders that were
 * synced since; a rename as a whole. Before each change of the {@link #folder} it remembers both what is surely on disk and what may be:
 * all names, with the content that was synced.
 * <p>
 * Content is kept in the heap: for small trees. Any thread.
 */
public final class LosingDisk {
    private final Path root;
    private final Inode rootInode = new Inode();
    private final Map<Object, Inode> inodes = new HashMap<>();
    private final Map<Inode, Durable> durable = new HashMap<>();
    private final List<Rename> renames = new ArrayList<>();
    private final List<Crash> crashes = new ArrayList<>();
    private boolean recording = true;

    /** A file or folder, whatever it is called. */
    private static final class Inode { }

    /** What is surely on disk of a file or folder. @param names of a folder; a file has none */
    private record Durable(byte[] content, Map<String, Inode> names, boolean folder) {
        static final Durable EMPTY_FILE = new Durable(new byte[0], Map.of(), false);
        static final Durable EMPTY_FOLDER = new Durable(new byte[0], Map.of(), true);

        Durable with(Map<String, Inode> others) {
            return new Durable(content, Map.copyOf(others), folder);
        }
    }

    private record Rename(Inode from, String name, Inode to, String newName, Inode moved) { }

    /** @param root an empty folder of the real file system */
    public LosingDisk(Path root) throws IOException {
        this.root = root.toRealPath();
        durable.put(rootInode, Durable.EMPTY_FOLDER);
        inodes.put(key(this.root), rootInode);
    }

    /** The folder, on a file system that tells this disk of each change. */
    public Path folder() {
        return new WatchedFileSystem(this).wrap(root);
    }

    /** A moment at which the power may fail. */
    public final class Crash {
        private final Map<Inode, Durable> sure;
        private final Map<Inode, Durable> named;

        private Crash(Map<Inode, Durable> sure, Map<Inode, Durable> named) {
            this.sure = sure;
            this.named = named;
        }

        /** Makes what is surely there. @param place that is not there yet */
        public void leave(Path place) throws IOException {
            make(sure, rootInode, place);
        }

        /** Makes what is there when all names have come to the disk, and only the content that was synced. */
        public void leaveNames(Path place) throws IOException {
            make(named, rootInode, place);
        }
    }

    private static void make(Map<Inode, Durable> image, Inode inode, Path place) throws IOException {
        Durable left = image.getOrDefault(inode, Durable.EMPTY_FILE);
        if (!left.folder()) {
            Files.write(place, left.content());
            return;
        }
        Files.createDirectory(place, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (Map.Entry<String, Inode> name : left.names().entrySet()) {
            make(image, name.getValue(), place.resolve(name.getKey()));
        }
    }

    /** The moments before each change so far, and now. */
    public synchronized List<Crash> crashes() {
        point();
        return List.copyOf(crashes);
    }

    /** How many there are so far: what was answered before the next is to be found after all that follow. */
    public synchronized int count() {
        return crashes.size();
    }

    /** Remembers no more. */
    public synchronized void stop() {
        recording = false;
    }

    /** Something is about to change. */
    synchronized void point() {
        if (recording) {
            Map<Inode, Durable> named = new HashMap<>(durable);
            try {
                addNames(root, rootInode, named);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            crashes.add(new Crash(Map.copyOf(durable), named));
        }
    }

    private void addNames(Path folder, Inode inode, Map<Inode, Durable> into) throws IOException {
        Map<String, Inode> names = list(folder);
        into.put(inode, Durable.EMPTY_FOLDER.with(names));
        for (Map.Entry<String, Inode> name : names.entrySet()) {
            Path below = folder.resolve(name.getKey());
            if (Files.isDirectory(below, LinkOption.NOFOLLOW_LINKS)) {
                addNames(below, name.getValue(), into);
            }
        }
    }

    private Map<String, Inode> list(Path folder) throws IOException {
        Map<String, Inode> names = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                names.put(entry.getFileName().toString(), inode(entry));
            }
        }
        return names;
    }

    private static Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
    }

    private Inode inode(Path path) throws IOException {
        return inodes.computeIfAbsent(key(path), unknown -> new Inode());
    }

    /** A file or folder was made; the system may have given it the number of one that is gone. */
    synchronized void made(Path path) throws IOException {
        Inode fresh = new Inode();
        inodes.put(key(path), fresh);
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            durable.put(fresh, Durable.EMPTY_FOLDER);
        }
    }

    synchronized void renamed(Path from, Path to) throws IOException {
        renames.add(new Rename(inode(from.getParent()), from.getFileName().toString(), inode(to.getParent()),
                to.getFileName().toString(), inode(to)));
    }

    /** What the file or folder has is on disk. @param channel open on it */
    synchronized void synced(Path path, FileChannel channel) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            syncedFolder(path);
            return;
        }
        ByteBuffer content = ByteBuffer.allocate((int) channel.size());
        try (FileChannel own = FileChannel.open(path)) {
            while (content.hasRemaining() && own.read(content, content.position()) > 0) {
                continue;
            }
        } catch (NoSuchFileException e) {
            return; // it has no name any more
        }
        durable.put(inode(path), new Durable(content.array(), Map.of(), false));
    }

    private void syncedFolder(Path path) throws IOException {
        Inode folder = inode(path);
        durable.put(folder, Durable.EMPTY_FOLDER.with(list(path)));
        for (Rename rename : List.copyOf(renames)) {
            if (rename.from() == folder || rename.to() == folder) {
                renames.remove(rename);
                settle(rename, folder);
            }
        }
    }

    private void settle(Rename rename, Inode synced) {
        if (rename.from() != synced) {
            Map<String, Inode> names = new HashMap<>(durable.get(rename.from()).names());
            names.remove(rename.name(), rename.moved());
            durable.put(rename.from(), Durable.EMPTY_FOLDER.with(names));
        }
        if (rename.to() != synced) {
            Map<String, Inode> names = new HashMap<>(durable.get(rename.to()).names());
            names.put(rename.newName(), rename.moved());
            durable.put(rename.to(), Durable.EMPTY_FOLDER.with(names));
        }
    }
}
