package org.ashlar.packages;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ashlar.api.message.PackageId;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.PackageManifest;
import org.ashlar.codec.PackageMetadata;

/**
 * Reads a package from a zip: of a package folder ({@code metadata.json}, {@code pkg/…}), or of its {@code pkg} alone
 * (reference-kernel 6.6).
 */
final class PackageReader {
    static final String MANIFEST = "manifest.json";
    private static final String METADATA = "metadata.json";
    private static final String FOLDER = "pkg/";
    private static final byte[] WASM = {0, 'a', 's', 'm'};
    /** Packages that belong to the node itself: processes of that name are trusted by its modules. */
    private static final Set<PackageId> RESERVED =
            Set.of(PackageId.parse("distro:sys"), PackageId.parse("terminal:sys"));

    /** The files that are read, and the first bytes of every other. */
    private final Map<String, byte[]> files = new TreeMap<>();
    private final Optional<Path> unpackTo;

    private PackageReader(Optional<Path> unpackTo) {
        this.unpackTo = unpackTo;
    }

    /** A package, and where its drive's content lies when it was unpacked. */
    record Unpacked(PackageImage image, Path content) { }

    /**
     * Reads a package without keeping anything.
     *
     * @param id whose it is, where the zip does not say so
     * @throws PackageException when it is none, or not sound
     */
    static PackageImage inspect(InputStream zip, Optional<PackageId> id) throws IOException, PackageException {
        return new PackageReader(Optional.empty()).read(zip, id);
    }

    /** Reads a package and unpacks it into {@code folder}. */
    static Unpacked unpack(InputStream zip, Optional<PackageId> id, Path folder) throws IOException, PackageException {
        PackageReader reader = new PackageReader(Optional.of(folder));
        PackageImage image = reader.read(zip, id);
        return new Unpacked(image, reader.prefix().isEmpty() ? folder : folder.resolve(FOLDER));
    }

    private PackageImage read(InputStream zip, Optional<PackageId> asked) throws IOException, PackageException {
        MessageDigest sha = sha256();
        try (DigestInputStream digested = new DigestInputStream(zip, sha)) {
            PackageZip.walk(new Unclosed(digested), this::take);
            // The zip's directory behind its last entry belongs to the hash.
            digested.transferTo(OutputStream.nullOutputStream());
        }
        return sound(asked, HexFormat.of().formatHex(sha.digest()));
    }

    private void take(String path, InputStream content) throws IOException, PackageException {
        boolean whole = path.equals(MANIFEST) || path.equals(METADATA) || path.equals(FOLDER + MANIFEST);
        int max = Math.max(PackageManifest.MAX_BYTES, PackageMetadata.MAX_BYTES);
        byte[] head = content.readNBytes(whole ? max + 1 : WASM.length);
        if (whole && head.length > max) {
            throw new PackageException(path + " is larger than " + max + " bytes");
        }
        files.put(path, head);
        if (unpackTo.isPresent()) {
            Path file = unpackTo.get().resolve(path);
            Files.createDirectories(file.getParent());
            try (OutputStream out = Files.newOutputStream(file)) {
                out.write(head);
                content.transferTo(out);
            }
        }
    }

    private String prefix() {
        return files.containsKey(FOLDER + MANIFEST) ? FOLDER : "";
    }

    private PackageImage sound(Optional<PackageId> asked, String hash) throws PackageException {
        byte[] manifestFile = files.get(prefix() + MANIFEST);
        if (manifestFile == null) {
            throw new PackageException("the package has neither pkg/manifest.json nor manifest.json; at its top are: "
                    + files.keySet().stream().map(p -> p.split("/")[0]).distinct().limit(10)
                            .map(PackageZip::quoted).collect(Collectors.joining(", ")));
        }
        try {
            Optional<PackageMetadata> metadata = Optional.ofNullable(files.get(METADATA)).map(PackageMetadata::parse);
            PackageId id = id(metadata.map(PackageMetadata::id), asked);
            PackageManifest manifest = PackageManifest.parse(id, manifestFile);
            for (PackageManifest.Process process : manifest.processes()) {
                checkComponent(process);
            }
            String version = metadata.map(PackageMetadata::version).orElse(hash.substring(0, 12));
            return new PackageImage(id, version, metadata, manifest, hash);
        } catch (CodecException e) {
            throw new PackageException("the package is not sound: " + e.getMessage(), e);
        }
    }

    private static PackageId id(Optional<PackageId> own, Optional<PackageId> asked) throws PackageException {
        if (own.isPresent() && asked.isPresent() && !own.equals(asked)) {
            throw new PackageException("the package is " + own.get() + " by its metadata.json, not " + asked.get());
        }
        PackageId id = own.or(() -> asked).orElseThrow(() -> new PackageException(
                "the package has no metadata.json, so it must be said whose it is (package:publisher)"));
        if (RESERVED.contains(id)) {
            throw new PackageException("packages of the name " + id + " belong to the node itself and cannot be installed");
        }
        return id;
    }

    private void checkComponent(PackageManifest.Process process) throws PackageException {
        byte[] head = files.get(prefix() + process.wasmPath());
        if (head == null) {
            throw new PackageException("manifest.json: the process " + process.id().process() + " names the component "
                    + PackageZip.quoted(process.wasmPath()) + ", which is not in the package; build it, or correct process_wasm_path");
        }
        if (!Arrays.equals(head, WASM)) {
            throw new PackageException(PackageZip.quoted(process.wasmPath()) + ", the component of the process "
                    + process.id().process() + ", is no WebAssembly");
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** Lets the walk close its zip without closing what is still to be hashed. */
    private static final class Unclosed extends FilterInputStream {
        Unclosed(InputStream in) {
            super(in);
        }

        @Override
        public void close() { }
    }
}
