package org.ashlar.vfs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.ashlar.api.message.ProcessId;
import org.ashlar.senders.Departures;

/**
 * The files that processes have open: each process has handles and cursors of its own (case M50 turned round). Bounded:
 * at most {@link #PER_PROCESS} for each process; of all, at most {@link #OPEN} hold a file open at a time, those used
 * longest ago are opened again when they are used.
 */
final class Handles implements Departures.Holdings {
    /** Most files that one process has open. */
    static final int PER_PROCESS = 256;
    /** Most handles of all processes. */
    static final int ALL = 65_536;
    /** Most files that are really open at a time; a few more while all of these are in use. */
    static final int OPEN = 512;

    private final Handle.Opener opener;
    /** Guarded by this. */
    private final Map<ProcessId, Map<DrivePath, Handle>> byProcess = new HashMap<>();
    private int count;
    /** Those that may hold a file open, the one used longest ago first. Guarded by this. */
    private final Map<Handle, Boolean> open = new LinkedHashMap<>(16, 0.75f, true);

    Handles(Handle.Opener opener) {
        this.opener = opener;
    }

    /** The handle of a process on a path, if it has one. */
    synchronized Optional<Handle> find(ProcessId process, DrivePath path) {
        return Optional.ofNullable(byProcess.getOrDefault(process, Map.of()).get(path));
    }

    /** The handle of a process on a path, made if it has none; the file is opened and so must be there. */
    Handle get(ProcessId process, DrivePath path) throws IOException {
        Handle handle;
        boolean made;
        synchronized (this) {
            Optional<Handle> known = find(process, path);
            made = known.isEmpty();
            handle = made ? add(process, path) : known.get();
        }
        if (made) {
            try {
                use(handle, file -> null);
            } catch (IOException e) {
                close(process, path);
                throw e;
            }
        }
        return handle;
    }

    private Handle add(ProcessId process, DrivePath path) throws IOException {
        Map<DrivePath, Handle> own = byProcess.getOrDefault(process, Map.of());
        if (own.size() >= PER_PROCESS || count >= ALL) {
            throw new IOException(own.size() >= PER_PROCESS
                    ? process + " has " + PER_PROCESS + " files open, the most it may have; close some (CloseFile)"
                    : "the processes of this node have " + ALL + " files open, the most there may be");
        }
        Handle handle = new Handle(path, opener);
        byProcess.computeIfAbsent(process, id -> new HashMap<>()).put(path, handle);
        count++;
        return handle;
    }

    /** Works with the file of a handle. */
    <T> T use(Handle handle, Handle.Work<T> work) throws IOException {
        for (Handle oldest : makeRoom(handle)) {
            if (!oldest.closeIfIdle()) {
                stillOpen(oldest);
            }
        }
        return handle.with(work);
    }

    /** It is in use, and so counts on; a later call tries again. */
    private synchronized void stillOpen(Handle handle) {
        open.put(handle, true);
    }

    private synchronized List<Handle> makeRoom(Handle used) {
        open.put(used, true);
        List<Handle> closing = new ArrayList<>();
        Iterator<Handle> oldest = open.keySet().iterator();
        while (open.size() > OPEN && oldest.hasNext()) {
            Handle next = oldest.next();
            if (next != used) {
                oldest.remove();
                closing.add(next);
            }
        }
        return closing;
    }

    /** Closes a process's handle on a path; nothing happens when it has none. */
    void close(ProcessId process, DrivePath path) {
        remove(process::equals, handle -> handle.path().equals(path));
    }

    /** Closes the handles of everyone on a path and all below it, which have lost their names. */
    void closeBelow(DrivePath path) {
        remove(process -> true, handle -> handle.path().startsWith(path));
    }

    @Override
    public synchronized boolean isEmpty() {
        return byProcess.isEmpty();
    }

    @Override
    public void closeEnded(Departures.Ended ended) {
        List<Handle> used;
        synchronized (this) {
            used = List.copyOf(open.keySet());
        }
        used.forEach(Handle::dropIfOld);
        for (ProcessId process : processes()) {
            remove(process::equals, handle -> ended.since(process, handle.usedAt()));
        }
    }

    void closeAll() {
        remove(process -> true, handle -> true);
    }

    private void remove(Predicate<ProcessId> processes, Predicate<Handle> handles) {
        List<Handle> removed = new ArrayList<>();
        synchronized (this) {
            for (ProcessId process : byProcess.keySet().stream().filter(processes).toList()) {
                Map<DrivePath, Handle> own = byProcess.get(process);
                own.values().removeIf(handle -> handles.test(handle) && removed.add(handle));
                if (own.isEmpty()) {
                    byProcess.remove(process);
                }
            }
            count -= removed.size();
            removed.forEach(open::remove);
        }
        removed.forEach(Handle::close);
    }

    /** The file at a path was replaced by another: cursors stay. */
    void refresh(DrivePath path) {
        List<Handle> same;
        synchronized (this) {
            same = byProcess.values().stream().flatMap(own -> Stream.ofNullable(own.get(path))).toList();
        }
        same.forEach(Handle::refresh);
    }

    /** What a process has open, and where. */
    record Open(ProcessId process, DrivePath path, long cursor) { }

    synchronized List<Open> open() {
        return byProcess.entrySet().stream().flatMap(own -> own.getValue().values().stream()
                .map(handle -> new Open(own.getKey(), handle.path(), handle.cursor()))).toList();
    }

    /** Takes up a handle of a predecessor; its file is opened when it is used. */
    synchronized void restore(Open left) throws IOException {
        add(left.process(), left.path()).cursor(left.cursor());
    }

    synchronized List<ProcessId> processes() {
        return List.copyOf(byProcess.keySet());
    }

    synchronized int count() {
        return count;
    }
}
