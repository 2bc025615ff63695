package org.ashlar.wasi;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Hands out one {@link Drive} a folder, so that all instances that see the folder share its quota. Forgets a drive that
 * nobody uses any more. Thread-safe; touches no file.
 */
public final class Drives {
    private final long bytes;
    private final int files;
    private final Map<Path, WeakReference<Drive>> drives = new HashMap<>();

    /** The quota of each drive: @param bytes of the files in it @param files how many files, directories and links */
    public Drives(long bytes, int files) {
        this.bytes = bytes;
        this.files = files;
    }

    /** The drive of this folder, an absolute path. */
    public synchronized Drive at(Path folder) {
        Path key = folder.normalize();
        WeakReference<Drive> known = drives.get(key);
        Drive drive = known == null ? null : known.get();
        if (drive == null) {
            drives.values().removeIf(reference -> reference.get() == null);
            drive = Drive.of(key, bytes, files);
            drives.put(key, new WeakReference<>(drive));
        }
        return drive;
    }
}
