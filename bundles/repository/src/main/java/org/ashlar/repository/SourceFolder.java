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

    @Override
    public List<Source> children(Problems problems) {
        return entries;
    }

    @Override
    public ReadableByteChannel open() {
        throw new IllegalStateException("a folder has no bytes");
    }
}
