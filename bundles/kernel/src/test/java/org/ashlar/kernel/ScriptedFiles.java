package org.ashlar.kernel;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.store.FileStamp;
import org.ashlar.api.store.FileStore;

/** Files whose content is their own name: what {@link ScriptedRuntime} runs. */
class ScriptedFiles implements FileStore {
    private final boolean present;

    ScriptedFiles(boolean present) {
        this.present = present;
    }

    @Override
    public byte[] read(String path, int limit) throws IOException {
        if (!present) {
            throw new NoSuchFileException(path);
        }
        return path.substring(path.lastIndexOf('/') + 1).replace(".wasm", "").getBytes();
    }

    @Override
    public Optional<FileStamp> stamp(String path) {
        return Optional.empty();
    }

    @Override
    public Path drive(PackageId owner, String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Replacement replace(PackageId owner, String name, Path content) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Path staging() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void remove(PackageId owner, String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<PackageId> packages() {
        return List.of();
    }
}
