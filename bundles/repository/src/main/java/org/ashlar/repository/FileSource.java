package org.ashlar.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** What lies in a file system: each entry as it was when it was looked at. Links are taken as links. */
public final class FileSource implements Source {
    private static final String ATTRIBUTES = "unix:mode,ino,dev,rdev,nlink,uid,gid,ctime,size,lastModifiedTime";
    private static final int MAX_VALUE = 64 << 10;

    private final Path path;
    private final Node node;
    private final Shared shared;

    private FileSource(Path path, Node node, Shared shared) {
        this.path = path;
        this.node = node;
        this.shared = shared;
    }

    /** What the sources of one run have in common. Names of users are looked up once. */
    private record Shared(Predicate<Path> excluded, Map<Long, String> users, Map<Long, String> groups) { }

    /**
     * The root of a snapshot of these paths: the folders above them, with nothing in them but the way there.
     *
     * @param paths    absolute, normalised
     * @param excluded what is left out, with all below
     */
    public static Source of(List<Path> paths, Predicate<Path> excluded) throws IOException {
        Shared shared = new Shared(excluded, new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
        Way root = new Way();
        for (Path path : paths) {
            if (!path.isAbsolute() || !path.equals(path.normalize())) {
                throw new IllegalArgumentException(path + " is not absolute, or not normalised");
            }
            Way way = root;
            for (int i = 1; i <= path.getNameCount(); i++) {
                way = way.next.computeIfAbsent(path.getRoot().resolve(path.subpath(0, i)), part -> new Way());
            }
            way.whole = Optional.of(path);
        }
        return new SourceFolder(SourceFolder.of("root", List.of()).node(), entries(root, shared));
    }

    /** One path, as an entry of whatever folder it is put into. @param excluded what is left out, with all below */
    public static Source at(Path path, Predicate<Path> excluded) throws IOException {
        Shared shared = new Shared(excluded, new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
        return new FileSource(path, look(path, RawName.of(path), shared), shared);
    }

    /** How paths share what lies above them. */
    private static final class Way {
        final Map<Path, Way> next = new LinkedHashMap<>();
        Optional<Path> whole = Optional.empty();
    }

    private static List<Source> entries(Way way, Shared shared) throws IOException {
        if (way.whole.isPresent()) { // the root folder itself
            return new FileSource(way.whole.get(), look(way.whole.get(), "root", shared), shared).children((what, why) -> { });
        }
        List<Source> entries = new ArrayList<>();
        for (Map.Entry<Path, Way> next : way.next.entrySet()) {
            Path path = next.getKey();
            if (next.getValue().whole.isPresent()) {
                Path whole = next.getValue().whole.get();
                entries.add(new FileSource(whole, look(whole, RawName.of(whole), shared), shared));
            } else {
                Node above = new FileSource(path, look(path, RawName.of(path), shared), shared).complete();
                entries.add(new SourceFolder(above, entries(next.getValue(), shared)));
            }
        }
        return entries;
    }

    private static Node look(Path path, String name, Shared shared) throws IOException {
        Map<String, Object> found = Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        int mode = (int) found.get("mode");
        Node.Type type = switch (mode >> 12 & 15) {
            case 1 -> Node.Type.PIPE;
            case 2 -> Node.Type.CHARACTER_DEVICE;
            case 4 -> Node.Type.FOLDER;
            case 6 -> Node.Type.DEVICE;
            case 8 -> Node.Type.FILE;
            case 10 -> Node.Type.LINK;
            case 12 -> Node.Type.SOCKET;
            default -> Node.Type.OTHER;
        };
        Stamp modified = Stamp.of((FileTime) found.get("lastModifiedTime"));
        long uid = (int) found.get("uid") & 0xffff_ffffL;
        long gid = (int) found.get("gid") & 0xffff_ffffL;
        boolean device = type == Node.Type.DEVICE || type == Node.Type.CHARACTER_DEVICE;
        // The time of the last access changes with the backup itself; like others we write that of the change instead.
        return new Node(name, type, new Node.Meta(mode & 07777, modified, modified, Stamp.of((FileTime) found.get("ctime")), uid, gid,
                shared.users.getOrDefault(uid, ""), shared.groups.getOrDefault(gid, ""), (long) found.get("ino"), (long) found.get("dev"),
                type == Node.Type.FOLDER ? 0 : (int) found.get("nlink"), List.of()),
                type == Node.Type.FILE ? (long) found.get("size") : 0, "", device ? (long) found.get("rdev") : 0, List.of(), Optional.empty());
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public Node complete() throws IOException {
        Node.Meta meta = node.meta();
        if (!shared.users.containsKey(meta.uid()) || !shared.groups.containsKey(meta.gid())) {
            PosixFileAttributes owners = Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS).readAttributes();
            shared.users.put(meta.uid(), named(owners.owner().getName(), meta.uid()));
            shared.groups.put(meta.gid(), named(owners.group().getName(), meta.gid()));
        }
        String target = node.type() == Node.Type.LINK ? RawName.ofAll(Files.readSymbolicLink(path)) : "";
        boolean plain = node.type() == Node.Type.FILE || node.type() == Node.Type.FOLDER;
        Node.Meta full = new Node.Meta(meta.mode(), meta.modified(), meta.accessed(), meta.changed(), meta.uid(), meta.gid(),
                shared.users.get(meta.uid()), shared.groups.get(meta.gid()), meta.inode(), meta.deviceId(), meta.links(),
                plain ? attributes() : List.of());
        return new Node(node.name(), node.type(), full, node.size(), target, node.device(), List.of(), Optional.empty());
    }

    /** A user without a name has its number for one; others leave it empty. */
    private static String named(String name, long number) {
        return name.equals(Long.toString(number)) ? "" : name;
    }

    private List<Node.Attribute> attributes() {
        List<Node.Attribute> attributes = new ArrayList<>();
        try {
            UserDefinedFileAttributeView view = Files.getFileAttributeView(path, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            if (view == null) {
                return List.of();
            }
            for (String name : view.list()) {
                ByteBuffer value = ByteBuffer.allocate(Math.min(view.size(name), MAX_VALUE));
                view.read(name, value);
                attributes.add(new Node.Attribute("user." + name, RawName.of(java.util.Arrays.copyOf(value.array(), value.position()))));
            }
        } catch (IOException | UnsupportedOperationException e) {
            return List.of(); // a file system without them, or a file that may not be opened; its content will tell
        }
        attributes.sort(Comparator.comparing(Node.Attribute::name));
        return attributes;
    }

    @Override
    public List<Source> children(Problems problems) throws IOException {
        List<Source> children = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                if (shared.excluded.test(entry)) {
                    continue;
                }
                try {
                    children.add(new FileSource(entry, look(entry, RawName.of(entry), shared), shared));
                } catch (NoSuchFileException e) {
                    // It is gone already; the moment it was there is over.
                } catch (IOException e) {
                    problems.report(entry.toString(), e);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return children;
    }

    @Override
    public ReadableByteChannel open() throws IOException {
        return FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
