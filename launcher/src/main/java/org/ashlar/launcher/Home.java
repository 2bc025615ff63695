package org.ashlar.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folder that a node lives in. Its layout is described in {@code docs/}; every folder of it belongs to its owner
 * alone (mode 0700).
 *
 * @param path absolute; symbolic links resolved where it exists
 */
record Home(Path path) {
    /** The layout that this program knows. */
    static final int LAYOUT = 1;

    static final String LOCK = "lock";
    /** What a node is called that nobody gave a name. */
    static final String DEFAULT_NAME = "ashlar";
    private static final String VERSION = "VERSION";
    private static final List<String> FOLDERS = List.of("config", "identity", "store", "vfs", "kv", "sqlite", "deploy",
            "cache", "log");
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    /** The home that {@code --home}, {@code ASHLAR_HOME} or the user's data folder names, in this order. */
    static Home of(Optional<String> option, Map<String, String> environment) {
        Path path = option.or(() -> set(environment, "ASHLAR_HOME")).map(Path::of).orElseGet(() -> {
            Path data = set(environment, "XDG_DATA_HOME").map(Path::of)
                    .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "share"));
            return data.resolve("ashlar");
        });
        try {
            return new Home(path.toRealPath());
        } catch (IOException e) {
            return new Home(path.toAbsolutePath().normalize());
        }
    }

    private static Optional<String> set(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    Path folder(String name) {
        return path.resolve(name);
    }

    /** Creates the folder itself, so that it can be locked. Returns this home with its real path. */
    Home createFolder() throws LaunchException {
        try {
            Path above = path;
            while (!Files.exists(above)) {
                above = above.getParent();
            }
            Files.createDirectories(path, PosixFilePermissions.asFileAttribute(PRIVATE));
            requireOwn(path);
            for (Path made = path; !made.equals(above); made = made.getParent()) {
                sync(made.getParent());
            }
            return new Home(path.toRealPath());
        } catch (IOException e) {
            throw new LaunchException("the home " + path + " cannot be created: " + reason(e), e);
        }
    }

    /** Checks the layout, or lays it out in an empty folder. The caller holds the lock. */
    void prepare() throws LaunchException {
        try {
            if (Files.exists(folder(VERSION))) {
                checkVersion();
                refuseLost();
            } else {
                refuseForeign();
                writeVersion();
            }
            for (String name : FOLDERS) {
                ensurePrivate(folder(name));
            }
            sync(path);
        } catch (IOException e) {
            throw new LaunchException("the home " + path + " cannot be used: " + reason(e), e);
        }
    }

    /** What a node is called that nobody gave a name; empty when it has one already. */
    Optional<String> defaultName() {
        return Files.exists(key()) ? Optional.empty() : Optional.of(DEFAULT_NAME);
    }

    /** A file that is there from a change of the node's key until the new card has been shown. */
    Path rotated() {
        return folder("identity").resolve("rotated");
    }

    /** The file with the node's key. */
    Path key() {
        return folder("identity").resolve("node");
    }

    /** A node writes who it is when all its folders are there: one that is gone since then held what must not come back empty. */
    private void refuseLost() throws LaunchException {
        for (String name : List.of("store", "vfs")) {
            if (!Files.exists(folder(name), LinkOption.NOFOLLOW_LINKS) && Files.exists(key())) {
                throw new LaunchException("the folder " + folder(name) + " is gone, although a node has run on this home: put it"
                        + " back from a backup; to begin without all that it held, make it anew, empty");
            }
        }
    }

    private void refuseForeign() throws IOException, LaunchException {
        try (Stream<Path> content = Files.list(path)) {
            Optional<Path> foreign = content.filter(file -> !file.getFileName().toString().startsWith(LOCK))
                    .findFirst();
            if (foreign.isPresent()) {
                throw new LaunchException(path + " is no home of a node (it has no VERSION) but holds "
                        + foreign.get().getFileName() + ": name an empty or a new folder with --home");
            }
        }
    }

    /** Written aside and moved, so that a crash or a full disk leaves no half-written file. */
    private void writeVersion() throws IOException {
        Path aside = folder(LOCK + ".VERSION");
        aside = Files.exists(aside) ? aside : Files.createFile(aside);
        Files.writeString(aside, LAYOUT + "\n", StandardOpenOption.TRUNCATE_EXISTING);
        sync(aside);
        Files.move(aside, folder(VERSION), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Puts a file, or the names in a folder, on disk: what is acknowledged later is worth no more than the folders it lies in. */
    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private void checkVersion() throws IOException, LaunchException {
        String text = Files.readString(folder(VERSION)).strip();
        int layout;
        try {
            layout = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new LaunchException(folder(VERSION) + " holds \"" + text.lines().findFirst().orElse("")
                    + "\", expected a number: is " + path + " the home of a node?", e);
        }
        if (layout > LAYOUT) {
            throw new LaunchException("the home " + path + " has layout " + layout + ", made by a newer version; this one knows "
                    + LAYOUT + ": use the newer version, or another --home");
        }
        if (layout < 1) {
            throw new LaunchException(folder(VERSION) + " holds " + layout + ", expected 1 to " + LAYOUT);
        }
    }

    private void ensurePrivate(Path folder) throws IOException, LaunchException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
        }
        requireOwn(folder);
        if (!Files.getPosixFilePermissions(folder).equals(PRIVATE)) {
            if (folder.endsWith("deploy")) {
                // A bundle has the full authority of the JVM: others may have put one there already.
                throw new LaunchException(folder + " may be used by others: look at what it holds, then chmod 700 it");
            }
            Files.setPosixFilePermissions(folder, PRIVATE);
        }
    }

    private static void requireOwn(Path folder) throws IOException, LaunchException {
        if (!Owner.isSelf(folder)) {
            throw new LaunchException(folder + " belongs to " + Files.getOwner(folder).getName() + ", but this is "
                    + System.getProperty("user.name") + ": a node runs as the owner of its home");
        }
    }

    static String reason(IOException e) {
        String kind = switch (e) {
            case java.nio.file.AccessDeniedException denied -> "permission denied: ";
            case java.nio.file.NotDirectoryException none -> "not a folder: ";
            case java.nio.file.FileAlreadyExistsException exists -> "a file is in the way: ";
            case java.nio.file.NoSuchFileException missing -> "no such file: ";
            default -> "";
        };
        return kind + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }
}
