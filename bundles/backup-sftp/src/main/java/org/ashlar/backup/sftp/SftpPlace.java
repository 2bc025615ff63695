package org.ashlar.backup.sftp;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.backup.BackupTarget;

/**
 * Where a target is, whose host key it must show, and how a user proves to be one.
 *
 * @param folder   absolute, or relative to what the server begins with
 * @param hostKeys SHA-256 fingerprints as OpenSSH writes them, of which the host's must be one; none: no host is the right one
 * @param keyFile  the private key; without one, a password is used
 */
record SftpPlace(String host, int port, String user, String folder, List<String> hostKeys, Optional<Path> keyFile) {
    static final String HOST_KEY = "host-key";
    static final String KEY_FILE = "key-file";
    private static final int PORT = 22;
    private static final int MAX_KEYS = 16;

    /** Reads {@code sftp://[USER@]HOST[:PORT]/PATH}; a path that begins with {@code /~/} is relative. */
    static SftpPlace of(String location, Path base, Map<String, String> options) throws IOException {
        URI url;
        try {
            url = new URI(location);
        } catch (URISyntaxException e) {
            throw new IOException("\"" + location + "\" is no URL: " + e.getReason() + "; it is sftp://USER@HOST/PATH", e);
        }
        String user = Optional.ofNullable(url.getUserInfo()).orElse(System.getProperty("user.name"));
        if (user.contains(":")) {
            throw new IOException("a password does not belong into a URL, where others see it: leave it out, and it is asked for, or read from"
                    + " --credential-file FILE");
        }
        if (url.getHost() == null || url.getRawQuery() != null || url.getRawFragment() != null || url.getPath().length() < 2
                || user.isEmpty()) {
            throw new IOException("\"" + location + "\" names no folder on a host: sftp://USER@HOST/PATH, or sftp://USER@HOST/~/PATH for one"
                    + " in the user's own folder");
        }
        List<String> keys = Arrays.stream(options.getOrDefault(HOST_KEY, "").split(",")).map(String::strip).filter(key -> !key.isEmpty()).toList();
        if (keys.size() > MAX_KEYS || !keys.stream().allMatch(key -> key.matches("SHA256:[A-Za-z0-9+/]{43}"))) {
            throw new IOException("--host-key takes what \"ssh-keygen -lf\" shows for the host's key: SHA256: and 43 characters");
        }
        return new SftpPlace(url.getHost().replaceAll("[\\[\\]]", ""), url.getPort() < 0 ? PORT : url.getPort(), user, folder(url.getPath()), keys,
                options.containsKey(KEY_FILE) ? Optional.of(keyFile(options.get(KEY_FILE), base)) : Optional.empty());
    }

    private static String folder(String path) {
        String plain = path.replaceAll("(?<=.)/+$", "");
        return plain.startsWith("/~/") ? plain.substring(3) : plain.equals("/~") ? "." : plain;
    }

    private static Path keyFile(String given, Path base) throws IOException {
        try {
            Path file = base.resolve(given).toAbsolutePath().normalize();
            if (!Files.isRegularFile(file)) {
                throw new IOException("there is no key file " + file + "; ssh-keygen makes one");
            }
            return file;
        } catch (InvalidPathException e) {
            throw new IOException("\"" + given + "\" is no path: " + e.getReason(), e);
        }
    }

    static SftpPlace of(Map<String, Object> configuration) {
        return new SftpPlace(text(configuration, "host"), Integer.parseInt(text(configuration, "port")), text(configuration, "user"),
                text(configuration, "folder"), List.of(text(configuration, "host.key").split(",")),
                Optional.ofNullable(configuration.get("key.file")).map(file -> Path.of(String.valueOf(file))));
    }

    private static String text(Map<String, Object> configuration, String key) {
        return Optional.ofNullable(configuration.get(key)).map(String::valueOf).orElseThrow(() -> new IllegalArgumentException(
                "The configuration of an SFTP target lacks \"" + key + "\"."));
    }

    Map<String, Object> configuration() {
        Map<String, Object> values = new HashMap<>(Map.of("host", host, "port", String.valueOf(port), "user", user, "folder", folder,
                "host.key", String.join(",", hostKeys), BackupTarget.LOCATION, location()));
        keyFile.ifPresent(file -> values.put("key.file", file.toString()));
        return values;
    }

    /** As {@link #of} reads it. */
    String location() {
        String path = folder.startsWith("/") ? folder : folder.equals(".") ? "/~" : "/~/" + folder;
        try {
            return new URI("sftp", user, host, port == PORT ? -1 : port, path, null, null).toASCIIString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e); // it was made of one
        }
    }
}
