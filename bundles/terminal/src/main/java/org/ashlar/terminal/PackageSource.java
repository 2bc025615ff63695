package org.ashlar.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.PackageId;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.PackageMetadata;

/**
 * A package as a person has it, made into the zip that {@code packages} takes: a folder with {@code metadata.json} and
 * {@code pkg/}, or a zip. Closing it removes what was made for it.
 */
final class PackageSource implements AutoCloseable {
    /** Most bytes of a package's files together. */
    static final long MAX_BYTES = 512L << 20;
    /** Most files of a package. */
    static final int MAX_FILES = 10_000;
    private static final Optional<String> ZIP = Optional.of("application/zip");
    private static final String METADATA = "metadata.json";
    /** The same for every file, so that the same folder gives the same zip and so the same hash. */
    private static final FileTime TIME = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

    private final Blob blob;
    private final Optional<PackageId> id;
    private final Optional<Path> made;

    private PackageSource(Blob blob, Optional<PackageId> id, Optional<Path> made) {
        this.blob = blob;
        this.id = id;
        this.made = made;
    }

    /** @param scratch a folder for the zip of a folder */
    static PackageSource open(Path path, Path scratch) throws CommandException, IOException {
        if (Files.isDirectory(path)) {
            return ofFolder(path, scratch);
        }
        if (!Files.isRegularFile(path)) {
            throw CommandException.failed("there is no folder and no file " + path);
        }
        if (Files.size(path) > MAX_BYTES) {
            throw CommandException.failed(path + " has " + Files.size(path) + " bytes; a package may have " + MAX_BYTES);
        }
        return new PackageSource(Blob.of(ZIP, path), ownerOf(path), Optional.empty());
    }

    Blob blob() {
        return blob;
    }

    /** Whose the package is, where the zip does not say so itself. */
    Optional<PackageId> id() {
        return id;
    }

    private static PackageSource ofFolder(Path folder, Path scratch) throws CommandException, IOException {
        if (!Files.isRegularFile(folder.resolve(METADATA)) || !Files.isDirectory(folder.resolve("pkg"))) {
            throw CommandException.failed(folder + " is no package: it needs metadata.json and pkg/ with manifest.json");
        }
        Path zip = Files.createTempFile(scratch, "package", ".zip");
        try {
            try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
                for (Path file : files(folder)) {
                    add(out, folder, file);
                }
            }
            return new PackageSource(Blob.of(ZIP, zip), Optional.empty(), Optional.of(zip));
        } catch (IOException | CommandException e) {
            Files.deleteIfExists(zip);
            throw e;
        }
    }

    private static List<Path> files(Path folder) throws CommandException, IOException {
        List<Path> files = new ArrayList<>(List.of(folder.resolve(METADATA)));
        try (Stream<Path> walk = Files.walk(folder.resolve("pkg"))) {
            walk.filter(Files::isRegularFile).sorted().limit(MAX_FILES + 1L).forEach(files::add);
        }
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        if (files.size() > MAX_FILES || bytes > MAX_BYTES) {
            throw CommandException.failed(folder + " is too large: a package may have " + MAX_FILES + " files and "
                    + MAX_BYTES + " bytes");
        }
        return files;
    }

    private static void add(ZipOutputStream out, Path folder, Path file) throws IOException {
        ZipEntry entry = new ZipEntry(folder.relativize(file).toString());
        entry.setLastModifiedTime(TIME);
        out.putNextEntry(entry);
        Files.copy(file, out);
        out.closeEntry();
    }

    /** A zipped {@code pkg} says nothing about its owner; the {@code metadata.json} beside or above it does. */
    private static Optional<PackageId> ownerOf(Path zip) throws IOException {
        try (ZipFile file = new ZipFile(zip.toFile())) {
            if (file.getEntry(METADATA) != null) {
                return Optional.empty();
            }
        } catch (java.util.zip.ZipException e) {
            return Optional.empty(); // no zip: the one who reads it says so
        }
        Path folder = zip.toAbsolutePath().getParent();
        for (Path metadata : List.of(folder.resolve(METADATA), folder.resolve("..").resolve(METADATA).normalize())) {
            if (Files.isRegularFile(metadata) && Files.size(metadata) <= PackageMetadata.MAX_BYTES) {
                try {
                    return Optional.of(PackageMetadata.parse(Files.readAllBytes(metadata)).id());
                } catch (CodecException | IdentifierException e) {
                    return Optional.empty(); // some other metadata.json
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        if (made.isPresent()) {
            Files.deleteIfExists(made.get());
        }
    }
}
