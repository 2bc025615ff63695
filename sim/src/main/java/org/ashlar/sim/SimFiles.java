package org.ashlar.sim;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.store.FileStamp;
import org.ashlar.api.store.FileStore;

/** Files of which only components are there; the content of one is the name of the script that it stands for. */
final class SimFiles implements FileStore {
    private static final String END = ".wasm";

    /** Where the component of that process lies. */
    static String handle(Guest guest) {
        return guest.id().packageId() + "/" + PACKAGE_DRIVE + "/" + guest.id().process() + END;
    }

    static byte[] component(String path) {
        return path.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] read(String path, int limit) {
        return component(path.startsWith("/") ? path.substring(1) : path);
    }

    @Override
    public Optional<FileStamp> stamp(String path) {
        return Optional.empty();
    }

    @Override
    public Path drive(PackageId owner, String name) throws IOException {
        throw none();
    }

    @Override
    public Replacement replace(PackageId owner, String name, Path content) throws IOException {
        throw none();
    }

    @Override
    public Path staging() throws IOException {
        throw none();
    }

    @Override
    public void remove(PackageId owner, String name) throws IOException {
        throw none();
    }

    @Override
    public List<PackageId> packages() {
        return List.of();
    }

    private static IOException none() {
        return new IOException("a simulated node has no drives");
    }
}
