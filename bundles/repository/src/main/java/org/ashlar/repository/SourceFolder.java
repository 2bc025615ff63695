package org.ashlar.repository;

import java.nio.channels.ReadableByteChannel;
import java.util.List;

/** A folder of given entries: the root of a snapshot, or what lies above what is backed up. */
public record SourceFolder(Node node, List<Source> entries) implements Source {
    private static final Node.Meta NOTHING_KNOWN = new Node.Meta(0700, Stamp.ZERO, Stamp.ZERO, Stamp.ZERO, 0, 0, "", "", 0, 0, 1, List.of());

    public SourceFolder {
        entries = List.copyOf(entries);
    }

    /** A folder that exists only in the snapshot. @param name as text */
    public static SourceFolder of(String name, List<Source> entries) {
        return new SourceFolder(new Node(RawName.encode(name), Node.Type.FOLDER, NOTHING_KNOWN, 0, "", 0, List.of(), java.util.Optional.empty()),
                entries);
    }

    /** A folder with these permissions and owner, and no time of its own. @param name as text */
    public static SourceFolder of(String name, int mode, long uid, long gid, List<Source> entries) {
        return new SourceFolder(named(name, Node.Type.FOLDER, mode, uid, gid), entries);
    }

    /** An entry that has a name, permissions and an owner, and whose times are the first second of 1970. @param name as text */
    public static Node named(String name, Node.Type type, int mode, long uid, long gid) {
        Stamp none = new Stamp(0, 0);
        // No time of the last change: what has none is read at each backup.
        return new Node(RawName.encode(name), type, new Node.Meta(mode, none, none, Stamp.ZERO, uid, gid, "", "", 0, 0, 1, List.of()), 0, "", 0,
                List.of(), java.util.Optional.empty());
    }

    @Override
    public List<Source> children(Problems problems) {
        return entries;
    }

    @Override
    public ReadableByteChannel open() {
        throw new IllegalStateException("a folder has no bytes");
    }
}
