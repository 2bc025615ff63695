package org.ashlar.wasi;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * What one instance has open on the host. Once closed, whatever is still added is closed at once: file work that was under
 * way when the instance was stopped leaves nothing behind. Thread-safe.
 */
final class OpenFiles {
    private final Set<Closeable> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean closed;

    /** Takes something that was just opened, or closes it and says why not. */
    void add(Closeable opened) throws IOException, FileError {
        FileError refusal;
        synchronized (this) {
            if (!closed && open.size() < Limits.OPEN_FILES) {
                open.add(opened);
                return;
            }
            refusal = closed ? new FileError(ErrorCode.BAD_DESCRIPTOR, "the instance has ended") : full();
        }
        opened.close();
        throw refusal;
    }

    /** Refuses before anything is created that could then not be opened. */
    synchronized void requireRoom() throws FileError {
        if (open.size() >= Limits.OPEN_FILES) {
            throw full();
        }
    }

    synchronized void remove(Closeable closing) {
        open.remove(closing);
    }

    synchronized boolean isEmpty() {
        return open.isEmpty();
    }

    synchronized int size() {
        return open.size();
    }

    void closeAll() {
        List<Closeable> left;
        synchronized (this) {
            closed = true;
            left = new ArrayList<>(open);
            open.clear();
        }
        for (Closeable file : left) {
            try {
                file.close();
            } catch (IOException e) {
                // What was written was reported when it was written; the others must be closed, too.
            }
        }
    }

    private static FileError full() {
        return new FileError(ErrorCode.INSUFFICIENT_MEMORY, Limits.OPEN_FILES + " files are open, the most allowed");
    }
}
