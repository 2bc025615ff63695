package org.ashlar.databases;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.store.Snapshotable.Barrier;
import org.ashlar.api.store.Snapshotable.Entry;
import org.ashlar.api.store.Snapshotable.Version;
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

    /** The entry of the only database at a cut of now, once it is so old that it has a version. */
    private Entry settled() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            Entry entry = cutNow();
            if (entry.version().isPresent()) {
                return entry;
            }
            databases.cuts().release();
            assertTrue(System.nanoTime() < end, "no version within a minute");
            Thread.sleep(50);
        }
    }

    private Entry cutNow() throws Exception {
        databases.cuts().prepare();
        databases.cuts().cut(Barrier.NONE, 1_000);
        return databases.cuts().open().getFirst();
    }

    @Test
    void aDatabaseHasAnotherVersionAfterEachCommitAndTheSameWithoutOne() throws Exception {
        databases.create(key("db"));
        insert(key("db"));
        assertEquals(Optional.empty(), cutNow().version(), "it changed just now");
        databases.cuts().release();

        Entry first = settled();
        Version version = first.version().orElseThrow();
        try (InputStream in = first.read()) {
            assertEquals(first.size(), in.readAllBytes().length);
        }
        insert(key("db"));
        assertEquals(Optional.of(version), first.version(), "it shows what was at the cut");
        databases.cuts().release();
        assertEquals(Optional.empty(), cutNow().version(), "it changed after the cut");
        databases.cuts().release();

        Version second = settled().version().orElseThrow();
        assertNotEquals(version, second);
        databases.cuts().release();
        databases.read(key("db"), open -> null);
        assertEquals(Optional.of(second), cutNow().version(), "it was read alone");
        databases.cuts().release();
        close();
        open();
        assertNotEquals(Optional.of(version), cutNow().version(), "its log was written into it");
    }

    @Test
    void aDatabaseThatChangesBetweenTheCutAndTheLookIsRead() throws Exception {
        databases.create(key("db"));
        settled();
        databases.cuts().release();
        databases.cuts().prepare();
        databases.cuts().cut(Barrier.NONE, 1_000);
        insert(key("db"));
        assertEquals(Optional.empty(), databases.cuts().open().getFirst().version());
    }
}
