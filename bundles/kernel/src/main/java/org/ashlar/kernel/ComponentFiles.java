package org.ashlar.kernel;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.ashlar.api.store.FileStamp;
import org.ashlar.api.store.FileStore;

/**
 * The components of processes, by the file they were read from: a file that has not changed is not read again while a
 * process still runs what was in it. Any thread that may do file I/O may call.
 */
final class ComponentFiles {
    /** Largest component, in bytes. */
    static final int MAX_COMPONENT = 256 << 20;
    /** Most files that are remembered; beyond that all are forgotten, and read again. */
    static final int MAX_FILES = 4_096;

    private final Images images;
    private final Map<String, Content> known = new ConcurrentHashMap<>();

    ComponentFiles(Images images) {
        this.images = images;
    }

    /** Not to be modified. */
    byte[] read(FileStore store, String path) throws IOException {
        Optional<FileStamp> stamp = store.stamp(path);
        Content before = known.get(path);
        byte[] kept = before != null && stamp.isPresent() && stamp.get().equals(before.stamp) ? before.bytes.get() : null;
        if (kept != null) {
            return kept;
        }
        byte[] bytes = images.shared(store.read(path, MAX_COMPONENT));
        stamp.ifPresent(taken -> remember(path, new Content(taken, new WeakReference<>(bytes))));
        return bytes;
    }

    private void remember(String path, Content content) {
        if (known.size() >= MAX_FILES) {
            known.clear();
        }
        known.put(path, content);
    }

    private record Content(FileStamp stamp, WeakReference<byte[]> bytes) { }
}
