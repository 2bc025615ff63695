package org.ashlar.backup;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ashlar.api.store.Snapshot;
import org.ashlar.api.store.Snapshotable;
import org.ashlar.repository.FileSource;
import org.ashlar.repository.Node;
import org.ashlar.repository.Source;
import org.ashlar.repository.SourceFolder;
import org.ashlar.repository.Stamp;

/**
 * A node as a backup sees it: below {@code /ashlar} what its parts showed at the cut, and what lies beside them in the home and changes only
 * when a person changes it.
 */
final class NodeSource {
    /** The one folder at the top of a snapshot. */
    static final String TOP = "ashlar";
    /** What is no part's: taken as it lies there. */
    static final List<String> BESIDE = List.of("VERSION", "identity", "config", "deploy");
    private static final int FILE_MODE = 0600;
    private static final int FOLDER_MODE = 0700;

    private final long uid;
    private final long gid;
    private long bytes;

    /** @param root of a snapshot. @param bytes in all files below it whose size is known */
    record Tree(Source root, long bytes) { }

    private NodeSource(Path home) throws IOException {
        uid = Integer.toUnsignedLong((int) Files.getAttribute(home, "unix:uid"));
        gid = Integer.toUnsignedLong((int) Files.getAttribute(home, "unix:gid"));
    }

    /** What a snapshot is made of. Used while {@code cut} is open. */
    static Tree of(Path home, Snapshot cut) throws IOException {
        NodeSource source = new NodeSource(home);
        List<Source> entries = new ArrayList<>();
        for (Snapshotable part : cut.parts()) {
            Folder folder = new Folder();
            for (Snapshotable.Entry entry : part.open()) {
                folder.put(entry.path().split("/"), 0, entry);
                source.bytes += entry.size();
            }
            entries.add(source.folder(part.name(), folder));
        }
        for (String name : BESIDE) {
            Path path = home.resolve(name);
            if (Files.exists(path)) {
                entries.add(FileSource.at(path, excluded -> false));
            }
        }
        return new Tree(source.folder("", List.of(source.folder(TOP, entries))), source.bytes);
    }

    private SourceFolder folder(String name, List<Source> entries) {
        return SourceFolder.of(name.isEmpty() ? "root" : name, FOLDER_MODE, uid, gid, entries);
    }

    private SourceFolder folder(String name, Folder folder) {
        List<Source> entries = new ArrayList<>();
        folder.folders.forEach((below, content) -> entries.add(folder(below, content)));
        folder.others.forEach((below, entry) -> entries.add(new EntrySource(node(below, entry), entry)));
        Node plain = folder(name, entries).node();
        return new SourceFolder(folder.self.map(entry -> dated(plain, entry)).orElse(plain), entries);
    }

    private Node node(String name, Snapshotable.Entry entry) {
        Node.Type type = entry.kind() == Snapshotable.Entry.Kind.LINK ? Node.Type.LINK : Node.Type.FILE;
        return dated(SourceFolder.named(name, type, FILE_MODE, uid, gid), entry);
    }

    private static Node dated(Node node, Snapshotable.Entry entry) {
        Optional<Stamp> changed = entry.version().map(version -> Stamp.of(version.changed()));
        return node.seen(entry.size(), entry.modified().map(Stamp::of), changed,
                entry.version().map(Snapshotable.Version::inode).orElse(0L)).leadingTo(entry.target());
    }

    /** Entries, sorted into the folders that their paths name. */
    private static final class Folder {
        private final Map<String, Folder> folders = new TreeMap<>();
        private final Map<String, Snapshotable.Entry> others = new TreeMap<>();
        private Optional<Snapshotable.Entry> self = Optional.empty();

        void put(String[] path, int at, Snapshotable.Entry entry) {
            if (at == path.length) {
                self = Optional.of(entry);
            } else if (at + 1 == path.length && entry.kind() != Snapshotable.Entry.Kind.FOLDER) {
                others.put(path[at], entry);
            } else {
                folders.computeIfAbsent(path[at], absent -> new Folder()).put(path, at + 1, entry);
            }
        }
    }

    private record EntrySource(Node node, Snapshotable.Entry entry) implements Source {
        @Override
        public List<Source> children(Problems problems) {
            throw new IllegalStateException("a file has no entries");
        }

        @Override
        public ReadableByteChannel open() throws IOException {
            return Channels.newChannel(entry.read());
        }

        @Override
        public String toString() {
            return entry.path();
        }
    }
}
