package org.ashlar.kernel;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.ashlar.api.store.StateStore;
import org.ashlar.api.store.StoreException;

/** A store that forgets when the test ends, and can be told to fail. */
final class MemoryStore implements StateStore {
    private final Map<String, TreeMap<String, byte[]>> tables = new TreeMap<>();
    private volatile boolean failing;
    private volatile Runnable beforeCommit = () -> { };

    /** Runs {@code action} on the committing thread before each commit. */
    void beforeCommit(Runnable action) {
        beforeCommit = action;
    }

    void failFromNowOn(boolean fail) {
        failing = fail;
    }

    @Override
    public synchronized Optional<byte[]> get(String table, String key) {
        return Optional.ofNullable(tables.getOrDefault(table, new TreeMap<>()).get(key));
    }

    @Override
    public void scan(String table, String prefix, BiConsumer<String, byte[]> each) {
        TreeMap<String, byte[]> copy;
        synchronized (this) {
            copy = new TreeMap<>(tables.getOrDefault(table, new TreeMap<>()));
        }
        copy.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                each.accept(key, value);
            }
        });
    }

    @Override
    public void commit(List<Change> changes) {
        beforeCommit.run();
        write(changes);
    }

    private synchronized void write(List<Change> changes) {
        if (failing) {
            throw new StoreException("the disk is full; make room and try again");
        }
        for (Change change : changes) {
            TreeMap<String, byte[]> table = tables.computeIfAbsent(change.table(), t -> new TreeMap<>());
            change.value().ifPresentOrElse(value -> table.put(change.key(), value), () -> table.remove(change.key()));
        }
    }
}
