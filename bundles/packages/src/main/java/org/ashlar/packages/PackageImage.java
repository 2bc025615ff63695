package org.ashlar.packages;

import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.store.FileStore;
import org.ashlar.codec.PackageManifest;
import org.ashlar.codec.PackageMetadata;

/**
 * A package that was read and is sound: its manifest is, and every component that it names is there.
 *
 * @param id       whose it is
 * @param version  its version; without metadata the beginning of its hash
 * @param metadata its {@code metadata.json}, which a zip of the specification's form lacks
 * @param manifest its {@code manifest.json}
 * @param hash     SHA-256 of the zip, hex
 */
record PackageImage(PackageId id, String version, Optional<PackageMetadata> metadata, PackageManifest manifest,
                    String hash) {

    /** Where a process's component lies once installed, relative to {@code vfs}. */
    String handle(PackageManifest.Process process) {
        return id + "/" + FileStore.PACKAGE_DRIVE + "/" + process.wasmPath();
    }

    List<ProcessId> processes() {
        return manifest.processes().stream().map(PackageManifest.Process::id).toList();
    }
}
