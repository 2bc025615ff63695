package org.ashlar.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.ashlar.api.store.StateStore;
import org.ashlar.api.store.StateStore.Change;
import org.ashlar.api.store.StoreException;
import org.ashlar.tck.StateStoreContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStateStoreTest extends StateStoreContract {
    @TempDir
    Path home;
    @TempDir
    Path other;

    @Override
    protected StateStore openStore() {
        return new SqliteStateStore(home);
    }

    @Override
    protected void closeStore(StateStore opened) {
        ((SqliteStateStore) opened).close();
    }

    @Test
    void theFolderIsItsOwnersAlone() throws Exception {
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("store"))));
    }

    @Test
    void whoDoesNotLetGoIsNamedInTime() {
        StoreException refusal = assertThrows(StoreException.class,
                () -> new SqliteStateStore(home, Duration.ofMillis(100)));
        assertTrue(refusal.getMessage().contains("still open in this process"), refusal.getMessage());
    }

    @Test
    void aNewerLayoutIsRefusedAndLeftAlone() throws Exception {
        Path file = filled();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("pragma user_version = 2");
        }
        StoreException refusal = assertThrows(StoreException.class, () -> new SqliteStateStore(other));
        assertTrue(refusal.getMessage().contains("layout version 2"), refusal.getMessage());
    }

    @Test
    void aDamagedPageIsFoundWhenTheStoreOpens() throws Exception {
        Path file = filled();
        try (RandomAccessFile damage = new RandomAccessFile(file.toFile(), "rw")) {
            for (long at = 4096; at < damage.length(); at += 4096) {
                damage.seek(at);
                damage.write(new byte[64]);
            }
        }
        assertDamageIsTold();
    }

    @Test
    void aFileThatIsNoDatabaseIsRefused() throws Exception {
        Path file = filled();
        Files.write(file, "something else entirely, and long enough to look like a file".repeat(100).getBytes(UTF_8));
        assertDamageIsTold();
    }

    @Test
    void anEmptiedFileIsDamageAndNoFreshStart() throws Exception {
        Path file = filled();
        Files.write(file, new byte[0]);
        assertDamageIsTold();
        assertEquals(0, Files.size(file));
    }

    @Test
    void aDeletedFileIsDamageAndNoFreshStart() throws Exception {
        Path file = filled();
        Files.delete(file);
        assertDamageIsTold();
        assertFalse(Files.exists(file));
    }

    @Test
    void aLogWithoutItsDatabaseIsDamage() throws Exception {
        Path file = filled();
        Files.delete(file);
        Files.delete(file.resolveSibling("state.db.made"));
        Files.write(file.resolveSibling("state.db-wal"), new byte[10]);
        assertDamageIsTold();
        assertFalse(Files.exists(file));
    }

    @Test
    void anEmptyFolderIsAFreshStart() throws Exception {
        Path file = filled();
        try (Stream<Path> content = Files.list(file.getParent())) {
            for (Path each : content.toList()) {
                Files.delete(each);
            }
        }
        SqliteStateStore store = new SqliteStateStore(other);
        assertTrue(store.get("state", "50").isEmpty());
        store.close();
    }

    @Test
    void aTruncatedFileIsDamage() throws Exception {
        Path file = filled();
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 8192));
        assertDamageIsTold();
    }

    @Test
    void anOpeningThatFailsLetsGoOfTheFolder() throws Exception {
        Path file = filled();
        byte[] good = Files.readAllBytes(file);
        Files.write(file, new byte[0]);
        assertThrows(StoreException.class, () -> new SqliteStateStore(other));
        Files.write(file, good);
        SqliteStateStore store = new SqliteStateStore(other, Duration.ZERO);
        assertArrayEquals(new byte[1000], store.get("state", "50").orElseThrow());
        store.close();
    }

    @Test
    void aCrashWhileTheDatabaseWasBeingMadeLeavesNothingInTheWay() throws Exception {
        Files.createDirectories(other.resolve("store"));
        Files.writeString(other.resolve("store/state.new.db"), "half a file");
        SqliteStateStore store = new SqliteStateStore(other);
        store.commit(List.of(Change.put("state", "a", new byte[] {1})));
        store.close();
    }

    /** A closed store in {@link #other} that fills some pages. */
    private Path filled() {
        SqliteStateStore store = new SqliteStateStore(other);
        for (int i = 0; i < 100; i++) {
            store.commit(List.of(Change.put("state", String.valueOf(i), new byte[1000])));
        }
        store.close();
        return other.resolve("store/state.db");
    }

    private void assertDamageIsTold() {
        StoreException refusal = assertThrows(StoreException.class, () -> new SqliteStateStore(other));
        assertTrue(refusal.getMessage().contains("damaged") && refusal.getMessage().contains("backup"),
                refusal.getMessage());
    }
}
