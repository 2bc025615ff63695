package org.ashlar.api.store;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Ordered tables of keys and values, durable on return.
 * <p>
 * Threads: any number may call at once, virtual ones included; the work is done on the store's own platform threads and
 * the caller parks. Commits that arrive together share one sync. Errors: {@link StoreException}; after one from
 * {@link #commit} nothing of that commit is kept.
 * <p>
 * Life cycle: a provider takes a JVM-wide lock on its folder before it opens anything, waits (bounded) for a predecessor
 * to close, and ends what has been accepted before it goes.
 */
public interface StateStore {
    /** Longest key, in UTF-8 bytes. */
    int MAX_KEY = 1024;
    /** Largest value, in bytes. */
    int MAX_VALUE = 64 << 20;

    Optional<byte[]> get(String table, String key);

    /** Calls {@code each} for every pair of {@code table} whose key begins with {@code prefix}, in order of the keys' UTF-8 bytes. */
    void scan(String table, String prefix, BiConsumer<String, byte[]> each);

    /**
     * Applies all changes in order, atomically: all or none, on disk when this returns.
     *
     * @throws StoreException when it cannot be written; nothing is kept then
     */
    void commit(List<Change> changes);

    /**
     * One change.
     *
     * @param table {@code [a-z-]+}, at most 32 characters; made when missing
     * @param key   at most {@link #MAX_KEY} bytes
     * @param value the new value, at most {@link #MAX_VALUE} bytes; empty: the key is removed
     */
    record Change(String table, String key, Optional<byte[]> value) {
        public static Change put(String table, String key, byte[] value) {
            return new Change(table, key, Optional.of(value));
        }

        public static Change remove(String table, String key) {
            return new Change(table, key, Optional.empty());
        }
    }
}
