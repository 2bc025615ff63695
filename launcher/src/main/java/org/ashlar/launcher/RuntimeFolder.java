package org.ashlar.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where control sockets lie: {@code $XDG_RUNTIME_DIR/ashlar}, else {@code /tmp/ashlar-<uid>}; a folder of its owner
 * alone. A socket is named after its home, by a hash, because a socket's path may have {@value #MAX_PATH} bytes only.
 */
final class RuntimeFolder {
    /** Longest path of a Unix domain socket, in bytes: the JDK takes one less than Linux would ({@code sun_path} has 108). */
    static final int MAX_PATH = 106;
    private static final int NAME_BYTES = 8;
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private RuntimeFolder() { }

    /** The socket for a node on {@code home}; its folder is made if missing. */
    static Path socketFor(Home home, Map<String, String> environment) throws LaunchException {
        try {
            LaunchException refusal = null;
            for (Path folder : candidates(home, environment)) {
                Path socket = folder.resolve(name(home));
                if (bytes(socket) > MAX_PATH) {
                    refusal = new LaunchException(socket + " is too long for a socket: at most " + MAX_PATH + " bytes");
                    continue;
                }
                try {
                    Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
                    return socket;
                } catch (FileAlreadyExistsException e) {
                    if (isPrivate(folder)) {
                        return socket;
                    }
                    refusal = new LaunchException(folder + " is not a folder of this user alone: remove it, or set XDG_RUNTIME_DIR", e);
                }
            }
            throw refusal;
        } catch (IOException e) {
            throw new LaunchException("there is no place for the control socket: " + Home.reason(e), e);
        }
    }

    /** The socket of the node that runs on {@code home}, if there is one and its folder is to be trusted. */
    static Optional<Path> socketOf(Home home, Map<String, String> environment) {
        try {
            for (Path folder : candidates(home, environment)) {
                Path socket = folder.resolve(name(home));
                if (Files.exists(socket, LinkOption.NOFOLLOW_LINKS) && isPrivate(folder)) {
                    return Optional.of(socket);
                }
            }
        } catch (IOException e) {
            return Optional.empty(); // no home, no node
        }
        return Optional.empty();
    }

    /** Client and node may see different environments, so a client looks in both places. */
    private static List<Path> candidates(Home home, Map<String, String> environment) throws IOException {
        List<Path> candidates = new ArrayList<>();
        String runtime = environment.get("XDG_RUNTIME_DIR");
        if (runtime != null && !runtime.isEmpty()) {
            Path folder = Path.of(runtime);
            if (folder.isAbsolute() && Files.isDirectory(folder) && Owner.isSelf(folder)) {
                candidates.add(folder.resolve("ashlar"));
            }
        }
        candidates.add(Path.of("/tmp/ashlar-" + Owner.uid(home.path())));
        return candidates;
    }

    private static boolean isPrivate(Path folder) throws IOException {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && Owner.isSelf(folder)
                && Files.getPosixFilePermissions(folder).equals(PRIVATE);
    }

    private static String name(Home home) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(home.path().toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, NAME_BYTES) + ".sock";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
