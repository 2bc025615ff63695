package org.ashlar.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.OSInfo;

/**
 * Loads SQLite's native library where it is easy to tell which: on Linux with glibc, on the two usual processors. Anywhere
 * else, or when this does not work, the driver does so at its first connection, as ever; but it runs a program to find out
 * whether this is a telephone, and compares what it has unpacked byte by byte, a twelfth of the time a node took to start.
 */
final class NativeLibrary {
    private static final String FOLDER = "org.sqlite.lib.path";
    private static final String NAME = "org.sqlite.lib.name";
    private static final Map<String, String> PROCESSORS = Map.of("amd64", "x86_64", "aarch64", "aarch64");

    private NativeLibrary() { }

    /** Once it is loaded, does nothing. */
    static void load() {
        if (System.getProperty(FOLDER) != null || System.getProperty(NAME) != null) {
            return; // somebody brings another
        }
        try {
            Optional<Path> unpacked = unpack();
            if (unpacked.isPresent()) {
                load(unpacked.get());
            }
        } catch (IOException e) {
            // The driver tries by itself, and says what is wrong.
        }
    }

    /** @return the library in a file of its own; empty where the driver is to look for it */
    private static Optional<Path> unpack() throws IOException {
        String processor = PROCESSORS.get(System.getProperty("os.arch"));
        if (!"Linux".equals(System.getProperty("os.name")) || processor == null || OSInfo.isMusl()) {
            return Optional.empty();
        }
        try (InputStream library = SQLiteJDBCLoader.class.getResourceAsStream("native/Linux/" + processor + "/libsqlitejdbc.so")) {
            if (library == null) {
                return Optional.empty();
            }
            Path file = Files.createTempFile("ashlar-sqlite", ".so");
            try {
                Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                Files.deleteIfExists(file);
                throw e;
            }
            return Optional.of(file);
        }
    }

    /** The file has done its duty once it is mapped: nothing is left behind, however the node ends. */
    private static void load(Path file) throws IOException {
        System.setProperty(FOLDER, file.getParent().toString());
        System.setProperty(NAME, file.getFileName().toString());
        try {
            SQLiteJDBCLoader.initialize();
        } catch (Exception e) { // what it declares
            throw new IOException(e);
        } finally {
            System.clearProperty(FOLDER);
            System.clearProperty(NAME);
            Files.deleteIfExists(file);
        }
    }
}
