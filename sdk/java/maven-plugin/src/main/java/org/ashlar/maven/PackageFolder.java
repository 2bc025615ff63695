package org.ashlar.maven;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The package as a node installs it: a folder named after the package with {@code metadata.json} and {@code pkg/},
 * and a zip of what is in {@code pkg/}. The zip is the same, byte for byte, for the same content.
 */
final class PackageFolder {

    private static final String METADATA = "metadata.json";
    private static final String PKG = "pkg";
    private static final String MANIFEST = "manifest.json";

    /** A zip needs some time; always the same one keeps its hash the same. */
    private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(2023, 6, 19, 0, 0);

    private static final Pattern NAME = Pattern.compile("[a-z0-9-]+");

    private final Path path;
    private final String packageName;
    private final String publisher;

    private PackageFolder(Path path, String packageName, String publisher) {
        this.path = path;
        this.packageName = packageName;
        this.publisher = publisher;
    }

    /**
     * Begins the package in a fresh folder of {@code target}, with the files from {@code source}.
     *
     * @throws IllegalArgumentException if {@code metadata.json} or {@code pkg/manifest.json} is missing or malformed
     */
    static PackageFolder create(Path source, Path target) throws IOException {
        Path metadata = source.resolve(METADATA);
        JsonObject properties = properties(metadata);
        String name = text(properties, "package_name", metadata);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(metadata + ": the package name '" + name
                    + "' has other characters than a-z, 0-9 and -");
        }
        String publisher = text(properties, "publisher", metadata);
        text(properties, "current_version", metadata);
        PackageFolder folder = new PackageFolder(target.resolve(name), name, publisher);
        deleteTree(folder.path);
        Files.createDirectories(folder.path);
        Files.copy(source.resolve(METADATA), folder.path.resolve(METADATA));
        copyTree(source.resolve(PKG), folder.path.resolve(PKG));
        return folder;
    }

    Path path() {
        return path;
    }

    String packageId() {
        return packageName + ":" + publisher;
    }

    void addComponent(String name, byte[] component) throws IOException {
        Files.write(path.resolve(PKG).resolve(name + ".wasm"), component);
    }

    /**
     * Checks the manifest against the files and writes the zip.
     *
     * @throws IllegalArgumentException if the manifest names a file that is not there
     */
    Path finish() throws IOException {
        Path manifest = path.resolve(PKG).resolve(MANIFEST);
        for (JsonValue process : read(manifest, JsonArray.class)) {
            if (!(process instanceof JsonObject entry)) {
                throw new IllegalArgumentException(manifest + ": each process must be an object, found " + process);
            }
            String wasm = text(entry, "process_wasm_path", manifest);
            if (!Files.isRegularFile(path.resolve(PKG).resolve(wasm.startsWith("/") ? wasm.substring(1) : wasm))) {
                throw new IllegalArgumentException(manifest + " names " + wasm + ", which is not in the package: is it"
                        + " among the plugin's <processes>?");
            }
        }
        Path zip = path.resolveSibling(packageName + ".zip");
        zip(path.resolve(PKG), zip);
        return zip;
    }

    private static JsonObject properties(Path metadata) throws IOException {
        if (read(metadata, JsonObject.class).get("properties") instanceof JsonObject properties) {
            return properties;
        }
        throw new IllegalArgumentException(metadata + " has no object \"properties\"");
    }

    private static <T extends JsonStructure> T read(Path file, Class<T> kind) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(file + " is missing: a package needs metadata.json and pkg/manifest.json");
        }
        try (JsonReader reader = Json.createReader(Files.newBufferedReader(file))) {
            return kind.cast(reader.read());
        } catch (JsonException | ClassCastException malformed) {
            throw new IllegalArgumentException(file + " is malformed: " + malformed.getMessage(), malformed);
        }
    }

    private static String text(JsonObject object, String key, Path file) {
        String value = object.getString(key, "");
        if (value.isEmpty()) {
            throw new IllegalArgumentException(file + ": \"" + key + "\" is missing or no text");
        }
        return value;
    }

    private static List<Path> sortedTree(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            return tree.sorted().toList();
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        for (Path source : sortedTree(from)) {
            Files.copy(source, to.resolve(from.relativize(source).toString()), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        for (Path path : sortedTree(root).stream().sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
        }
    }

    private static void zip(Path content, Path zip) throws IOException {
        try (OutputStream file = Files.newOutputStream(zip); ZipOutputStream out = new ZipOutputStream(file)) {
            for (Path path : sortedTree(content)) {
                if (Files.isRegularFile(path)) {
                    ZipEntry entry = new ZipEntry(content.relativize(path).toString().replace('\\', '/'));
                    entry.setTimeLocal(ENTRY_TIME);
                    out.putNextEntry(entry);
                    Files.copy(path, out);
                    out.closeEntry();
                }
            }
        }
    }
}
