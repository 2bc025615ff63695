package org.ashlar.repository;

import java.util.List;
import java.util.Optional;

/**
 * An entry of a folder.
 *
 * @param name       its bytes, see {@link RawName}; not empty, without slash and NUL, neither {@code .} nor {@code ..}
 * @param size       of a file, in bytes
 * @param linkTarget of a symbolic link, its bytes
 * @param device     of a device, its number
 * @param content    the chunks of a file
 * @param subtree    the tree of a folder
 */
public record Node(String name, Type type, Meta meta, long size, String linkTarget, long device, List<Id> content, Optional<Id> subtree) {
    /** Longest name, in bytes: more than any file system allows. */
    static final int MAX_NAME = 4096;

    /** What an entry is. */
    public enum Type {
        FILE("file", 0), FOLDER("dir", 1L << 31), LINK("symlink", 1L << 27), DEVICE("dev", 1L << 26),
        CHARACTER_DEVICE("chardev", 1L << 26 | 1L << 21), PIPE("fifo", 1L << 25), SOCKET("socket", 1L << 24),
        /** Something that this program does not know; it is kept in the repository and not restored. */
        OTHER("irregular", 1L << 19);

        final String text;
        /** The bits of Go's {@code FileMode} that say so. */
        final long bits;

        Type(String text, long bits) {
            this.text = text;
            this.bits = bits;
        }

        static Type parse(String text) {
            for (Type type : values()) {
                if (type.text.equals(text)) {
                    return type;
                }
            }
            return OTHER;
        }
    }

    /**
     * What is known of an entry beside its content.
     *
     * @param mode  permissions as of {@code chmod}, {@code 07777}
     * @param inode and {@code deviceId}: where it lay; equal for hard links
     * @param links how many names it had
     */
    public record Meta(int mode, Stamp modified, Stamp accessed, Stamp changed, long uid, long gid, String user, String group, long inode,
            long deviceId, long links, List<Attribute> attributes) {
        public Meta {
            attributes = List.copyOf(attributes);
        }
    }

    /** An extended attribute. @param value its bytes, see {@link RawName} */
    public record Attribute(String name, String value) { }

    public Node {
        if (!isName(name)) {
            throw new DamagedException("\"" + Text.shown(RawName.display(name)) + "\" is no name of a file");
        }
        content = List.copyOf(content);
    }

    static boolean isName(String name) {
        return !name.isEmpty() && name.length() <= MAX_NAME && name.indexOf('/') < 0 && name.indexOf('\0') < 0 && !name.equals(".")
                && !name.equals("..");
    }

    /** For people. */
    public String display() {
        return Text.shown(RawName.display(name));
    }

    /**
     * The same with what a source knows of it beside its name.
     *
     * @param changed that and {@code inode} tell whether it was changed since an earlier backup; empty: it is read again
     */
    public Node seen(long length, Optional<Stamp> modified, Optional<Stamp> changed, long inode) {
        Stamp time = modified.orElse(meta.modified);
        return new Node(name, type, new Meta(meta.mode, time, time, changed.orElse(Stamp.ZERO), meta.uid, meta.gid, meta.user, meta.group, inode,
                meta.deviceId, meta.links, meta.attributes), length, linkTarget, device, content, subtree);
    }

    /** The same as a link. @param target as text */
    public Node leadingTo(String target) {
        return new Node(name, type, meta, size, RawName.encode(target), device, content, subtree);
    }

    Node withName(String other) {
        return new Node(other, type, meta, size, linkTarget, device, content, subtree);
    }

    Node withContent(List<Id> chunks, long length) {
        return new Node(name, type, meta, length, linkTarget, device, chunks, subtree);
    }

    Node withSubtree(Id tree) {
        return new Node(name, type, meta, size, linkTarget, device, content, Optional.of(tree));
    }

    Node withAttributes(List<Attribute> attributes) {
        return new Node(name, type, new Meta(meta.mode, meta.modified, meta.accessed, meta.changed, meta.uid, meta.gid, meta.user, meta.group,
                meta.inode, meta.deviceId, meta.links, attributes), size, linkTarget, device, content, subtree);
    }

    /** Go's {@code FileMode}: permissions, and bits of its own for the rest. */
    long goMode() {
        return meta.mode & 0777 | type.bits | ((meta.mode & 04000) != 0 ? 1L << 23 : 0) | ((meta.mode & 02000) != 0 ? 1L << 22 : 0)
                | ((meta.mode & 01000) != 0 ? 1L << 20 : 0);
    }

    static int mode(long goMode) {
        return (int) (goMode & 0777) | ((goMode & 1L << 23) != 0 ? 04000 : 0) | ((goMode & 1L << 22) != 0 ? 02000 : 0)
                | ((goMode & 1L << 20) != 0 ? 01000 : 0);
    }
}
