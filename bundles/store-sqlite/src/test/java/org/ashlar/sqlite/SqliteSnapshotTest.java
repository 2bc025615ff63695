package org.ashlar.sqlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ashlar.api.store.Snapshotable;
import org.ashlar.api.store.Snapshotable.Entry;
import org.ashlar.api.store.StateStore.Change;
import org.ashlar.tck.SnapshotableContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The snapshot of a store is read by restoring it: a home that holds the snapshot's files opens as a store. */
class SqliteSnapshotTest extends SnapshotableContract {
    @TempDir
    Path home;
    private SqliteStateStore store;

    @BeforeEach
    void open() {
        store = new SqliteStateStore(home.resolve("node"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    protected Snapshotable part() {
        return store;
    }

    @Override
    protected void write(int writer, long value) {
        byte[] bytes = ByteBuffer.allocate(8).putLong(value).array();
        store.commit(List.of(Change.put("first", key(writer), bytes), Change.put("second", key(writer), bytes)));
    }

    @Override
    protected long[] read(List<Entry> entries, int writers) throws Exception {
        Path restored = Files.createTempDirectory(home, "restored");
        for (Entry entry : entries) {
            Path target = restored.resolve("store").resolve(entry.path());
            Files.createDirectories(target.getParent());
            try (InputStream in = entry.read()) {
                Files.copy(in, target);
            }
        }
        SqliteStateStore copy = new SqliteStateStore(restored);
        try {
            long[] first = values(copy, "first", writers);
            assertArrayEquals(first, values(copy, "second", writers), "a commit is in whole or not at all");
            return first;
        } finally {
            copy.close();
        }
    }

    private static long[] values(SqliteStateStore store, String table, int writers) {
        long[] values = new long[writers];
        for (int i = 0; i < writers; i++) {
            values[i] = store.get(table, key(i)).map(bytes -> ByteBuffer.wrap(bytes).getLong()).orElse(0L);
        }
        return values;
    }

    private static String key(int writer) {
        return "writer-" + writer;
    }
}
