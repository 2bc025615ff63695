package org.ashlar.databases;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.store.Snapshotable.Barrier;
import org.ashlar.api.store.Snapshotable.Entry;
import org.ashlar.codec.DatabaseKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds whatever the dialect. */
class DatabasesTest {
    @TempDir
    Path folder;
    private Databases databases;

    @BeforeEach
    void open() {
        databases = new Databases(folder, 1 << 20, List.of("create table t (a)"));
    }

    @AfterEach
    void close() {
        databases.close();
    }

    private static DatabaseKey key(String name) {
        return new DatabaseKey(PackageId.parse("chat:alice.os"), name);
    }

    private void insert(DatabaseKey key) throws Exception {
        databases.write(key, List.of(connection -> OpenDatabase.execute(connection, "insert into t values (1)")));
    }

    @Test
    void namesThatAreAskedForAreNotKeptInMind() throws Exception {
        for (int i = 0; i < 10 * Databases.OPEN; i++) {
            databases.remove(key("none-" + i));
        }
        assertTrue(databases.places() <= Databases.OPEN + 1, databases.places() + " places");
    }

    @Test
    void whatCannotBeKeptFailsTheSnapshotAndNotTheRemoval() throws Exception {
        databases.create(key("db"));
        insert(key("db"));
        databases.cuts().prepare();
        databases.cuts().cut(Barrier.NONE, 1_000);
        Path file = databases.file(key("db"));
        Path wal = file.resolveSibling("db.db-wal");
        Files.deleteIfExists(wal);
        Files.write(file, "no database".getBytes(UTF_8));
        databases.remove(key("db"));
        assertTrue(Files.notExists(file));
        Entry entry = databases.cuts().open().getFirst();
        assertThrows(IOException.class, entry::read);
    }

    @Test
    void aSnapshotShowsWhatWasThereAndIsForgottenWhenItIsReleased() throws Exception {
        databases.create(key("db"));
        databases.cuts().prepare();
        databases.cuts().cut(Barrier.NONE, 1_000);
        insert(key("db"));
        Entry entry = databases.cuts().open().getFirst();
        try (InputStream in = entry.read()) {
            assertTrue(in.readAllBytes().length > 0);
        }
        databases.cuts().release();
        assertThrows(IllegalStateException.class, entry::read);
        try (var left = Files.list(folder.resolve(".new"))) {
            assertTrue(left.findAny().isEmpty());
        }
    }
}
