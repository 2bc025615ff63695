package org.ashlar.backup.local;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Makes trees of files of every odd kind, and tells whether two are the same. */
final class FileTree {
    private FileTree() { }

    /** A path whose last name is given as bytes in percent form: what a Java string cannot say. */
    static Path raw(Path folder, String percent) {
        return Path.of(URI.create(folder.toUri() + (folder.toUri().toString().endsWith("/") ? "" : "/") + percent));
    }

    static void file(Path file, int seed, int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        Files.write(file, bytes);
    }

    /** Text that compresses, different for each seed. */
    static void text(Path file, int seed, int length) throws IOException {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append("line ").append(random.nextInt(1000)).append(" of something that is written again and again\n");
        }
        Files.writeString(file, text.substring(0, length));
    }

    /** One of everything. */
    static Path odd(Path root) throws IOException {
        Files.createDirectories(root);
        Files.createFile(root.resolve("empty"));
        Files.createDirectory(root.resolve("empty folder"));
        text(root.resolve("text"), 1, 300_000);
        file(root.resolve("two chunks and more"), 2, 5_000_000);
        for (String name : new String[] {"with space", "new\nline", "quote\"back\\slash'", "tab\tbell\u0007esc\u001b", "ümläut", "日本語", "😀", "-dash",
                "\u00a0\u200b\u202e\ufeff", "%percent", "n".repeat(255), "ä".repeat(127), "\\xff", "*?[]"}) {
            text(root.resolve(name), name.hashCode(), 100);
        }
        for (String bytes : new String[] {"%ff%fe", "half%c3", "%80", "ok%c3%bc%ff", "%ed%a0%80", "%f5%80%80%80"}) {
            Files.writeString(raw(root, bytes), bytes);
        }
        Path folder = Files.createDirectory(raw(root, "folder%e9"));
        Files.writeString(raw(folder, "in%e9"), "inside");
        Path deep = root;
        for (int i = 0; i < 40; i++) {
            deep = Files.createDirectory(deep.resolve("deep" + i));
        }
        Files.writeString(deep.resolve("bottom"), "bottom");
        Files.createSymbolicLink(root.resolve("link"), Path.of("text"));
        Files.createSymbolicLink(root.resolve("dangling"), Path.of("/nowhere/at all"));
        Files.createSymbolicLink(root.resolve("link to folder"), Path.of("empty folder"));
        Files.createSymbolicLink(root.resolve("up"), Path.of("../.."));
        Files.createLink(root.resolve("hard link"), root.resolve("text"));
        Files.createLink(root.resolve("empty folder").resolve("and another"), root.resolve("text"));
        try (FileChannel sparse = FileChannel.open(root.resolve("sparse"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
            sparse.write(ByteBuffer.wrap("begin".getBytes(StandardCharsets.UTF_8)), 0);
            sparse.write(ByteBuffer.wrap("middle".getBytes(StandardCharsets.UTF_8)), 20 << 20);
            sparse.write(ByteBuffer.wrap(new byte[1]), 64 << 20);
        }
        Files.setPosixFilePermissions(root.resolve("with space"), PosixFilePermissions.fromString("r--r-----"));
        Files.setAttribute(root.resolve("empty"), "unix:mode", 04755);
        Files.setAttribute(root.resolve("empty folder"), "unix:mode", 01700);
        Files.setLastModifiedTime(root.resolve("text"), FileTime.from(Instant.parse("1969-07-20T20:17:40.123456789Z")));
        Files.setLastModifiedTime(root.resolve("empty folder"), FileTime.from(Instant.parse("2038-01-19T03:14:08Z")));
        UserDefinedFileAttributeView view = Files.getFileAttributeView(root.resolve("with space"), UserDefinedFileAttributeView.class);
        if (view != null && Files.getFileStore(root).supportsFileAttributeView("user")) {
            view.write("ashlar", ByteBuffer.wrap(new byte[] {0, 1, (byte) 0xff}));
        }
        return root;
    }

    /** Everything that a backup shall keep, a line for each entry. */
    static SortedMap<String, String> describe(Path root) throws IOException {
        SortedMap<String, String> lines = new TreeMap<>();
        Map<Object, String> first = new HashMap<>();
        String base = root.toUri().getRawPath();
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(java.util.Comparator.comparing(path -> path.toUri().getRawPath())).toList()) {
                String name = path.toUri().getRawPath().substring(base.length());
                Map<String, Object> found = Files.readAttributes(path, "unix:mode,uid,gid,ino,nlink,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
                boolean link = Files.isSymbolicLink(path);
                boolean file = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
                String line = Integer.toOctalString((int) found.get("mode")) + " " + found.get("uid") + ":" + found.get("gid") + " "
                        + found.get("lastModifiedTime");
                if (link) {
                    line += " -> " + Files.readSymbolicLink(path).toUri().getRawPath() + " " + Files.readSymbolicLink(path);
                }
                if (file) {
                    line += " " + found.get("size") + " " + digest(path) + " same as "
                            + ((int) found.get("nlink") > 1 ? first.computeIfAbsent(found.get("ino"), inode -> name) : "none")
                            + attributes(path);
                }
                lines.put(name, line);
            }
        }
        return lines;
    }

    private static String attributes(Path path) throws IOException {
        UserDefinedFileAttributeView view = Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
        StringBuilder text = new StringBuilder();
        if (view != null) {
            for (String name : view.list().stream().sorted().toList()) {
                ByteBuffer value = ByteBuffer.allocate(view.size(name));
                view.read(name, value);
                text.append(' ').append(name).append('=').append(HexFormat.of().formatHex(value.array()));
            }
        }
        return text.toString();
    }

    private static String digest(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
