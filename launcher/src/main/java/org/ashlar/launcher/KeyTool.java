package org.ashlar.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The node's key while no node runs: the class {@code OfflineKey} of the bundle {@code identity}, whose documentation holds for
 * the methods here. The caller holds the lock of a home that is changed.
 */
final class KeyTool implements AutoCloseable {
    private static final String ENTRY = "org.ashlar.identity.OfflineKey";
    private static final List<String> LIBRARIES = List.of("org.ashlar:api:", "org.ashlar:identity:", "com.fasterxml.jackson.core:jackson-core:",
            "org.bouncycastle:bcprov-jdk18on:", "org.slf4j:slf4j-api:");
    /** The first line of an encrypted key. */
    private static final String ENCRYPTED = "ashlar-identity 2";

    private final OfflineBundles bundles;

    private KeyTool(OfflineBundles bundles) {
        this.bundles = bundles;
    }

    static KeyTool open() throws LaunchException {
        return new KeyTool(OfflineBundles.open(LIBRARIES));
    }

    /** Whether {@code home} has a key. */
    static boolean hasKey(Home home) {
        return Files.exists(home.key());
    }

    /** Whether {@code home} has a key that a password opens; looked up without the bundle, for most starts need no more. */
    static boolean isEncrypted(Home home) throws IOException {
        if (!hasKey(home)) {
            return false;
        }
        try (BufferedReader reader = Files.newBufferedReader(home.key(), StandardCharsets.ISO_8859_1)) {
            char[] first = new char[ENCRYPTED.length()];
            return reader.read(first) == first.length && ENCRYPTED.equals(new String(first));
        }
    }

    String checkedName(String name) throws LaunchException {
        return (String) call("checkedName", name);
    }

    byte[] unlock(Home home, char[] password) throws LaunchException {
        return (byte[]) call("unlock", home.path(), password);
    }

    String create(Home home, String name, char[] password) throws LaunchException {
        return (String) call("create", home.path(), name, password);
    }

    void changePassword(Home home, char[] old, char[] fresh) throws LaunchException {
        call("changePassword", home.path(), old, fresh);
    }

    List<String> rotate(Home home, char[] password, boolean back) throws LaunchException {
        return texts(call(back ? "rotateBack" : "rotate", home.path(), password));
    }

    String phrase(Home home, char[] password) throws LaunchException {
        return (String) call("exportPhrase", home.path(), password);
    }

    void exportReference(Home home, char[] password, char[] filePassword, Path file) throws LaunchException {
        call("exportReference", home.path(), password, filePassword, file);
    }

    String importPhrase(Home home, String name, String phrase, char[] password) throws LaunchException {
        return (String) call("importPhrase", home.path(), name, phrase, password);
    }

    List<String> importReference(Home home, Path file, char[] filePassword, char[] password) throws LaunchException {
        return texts(call("importReference", home.path(), file, filePassword, password));
    }

    private static List<String> texts(Object list) {
        return ((List<?>) list).stream().map(String.class::cast).toList();
    }

    private Object call(String method, Object... arguments) throws LaunchException {
        return bundles.call(ENTRY, method, arguments);
    }

    @Override
    public void close() throws IOException {
        bundles.close();
    }
}
