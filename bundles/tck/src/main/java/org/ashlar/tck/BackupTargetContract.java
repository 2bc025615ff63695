package org.ashlar.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.BackupTargetKind;
import org.ashlar.api.backup.Credential;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every provider of {@link BackupTarget} must keep. A subclass says how to reach one place, which begins empty. */
public abstract class BackupTargetContract {
    private static final String NAME = "data/5f/5f00";
    private static final int LARGE = 20 << 20;

    private final List<BackupTarget> opened = new ArrayList<>();

    /** A connection to the place under test: the same place at every call within a test, an empty one in each test. */
    protected abstract BackupTarget connect() throws Exception;

    /** A target as a person adds it. */
    protected static BackupTarget open(BackupTargetKind kind, String location, Map<String, String> options, Credential credential) throws IOException {
        return kind.open(kind.configuration(location, Path.of("/"), options), credential);
    }

    /** As UTF-8. */
    protected static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private BackupTarget target() throws Exception {
        BackupTarget target = connect();
        opened.add(target);
        return target;
    }

    @AfterEach
    void closeAll() {
        opened.forEach(BackupTarget::close);
    }

    @Test
    void whatWasPutIsThere() throws Exception {
        BackupTarget target = target();
        ByteBuffer content = bytes(7, 1000);
        assertTrue(target.put(NAME, content));
        assertEquals(1000, content.remaining(), "the caller's buffer is not changed");
        assertArrayEquals(content.array(), read(target, NAME));
        assertEquals(OptionalLong.of(1000), target.stat(NAME));
    }

    @Test
    void onlyWhatLiesBetweenPositionAndLimitIsStored() throws Exception {
        BackupTarget target = target();
        byte[] whole = bytes(1, 100).array();
        target.put("config", ByteBuffer.wrap(whole, 10, 20).slice());
        target.put("keys/a", ByteBuffer.allocateDirect(100).put(whole).position(10).limit(30));
        target.put("keys/b", ByteBuffer.wrap(whole, 10, 20).asReadOnlyBuffer());
        for (String name : List.of("config", "keys/a", "keys/b")) {
            assertArrayEquals(Arrays.copyOfRange(whole, 10, 30), read(target, name), name);
        }
    }

    @Test
    void anEmptyObjectIsAnObject() throws Exception {
        BackupTarget target = target();
        assertTrue(target.put(NAME, ByteBuffer.allocate(0)));
        assertEquals(OptionalLong.of(0), target.stat(NAME));
        assertEquals(0, target.get(NAME, 0, ByteBuffer.allocate(8)));
        assertFalse(target.put(NAME, bytes(1, 5)));
    }

    @Test
    void aLargeObjectComesBackWhole() throws Exception {
        BackupTarget target = target();
        ByteBuffer content = bytes(3, LARGE);
        target.put(NAME, content);
        assertArrayEquals(content.array(), read(target, NAME));
    }

    @Test
    void aSecondPutLeavesTheFirst() throws Exception {
        BackupTarget target = target();
        assertTrue(target.put(NAME, bytes(1, 100)));
        assertFalse(target.put(NAME, bytes(2, 200)));
        assertArrayEquals(bytes(1, 100).array(), read(target, NAME));
        assertFalse(target().put(NAME, bytes(3, 300)), "through another connection");
        assertArrayEquals(bytes(1, 100).array(), read(target, NAME));
    }

    @Test
    void ofManyPutsAtOnceOneWinsAndItsBytesAreThere() throws Exception {
        int threads = 8;
        BackupTarget one = target();
        BackupTarget other = target();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int round = 0; round < 10; round++) {
                String name = "locks/" + round;
                List<Callable<Boolean>> puts = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    int seed = i;
                    puts.add(() -> (seed % 2 == 0 ? one : other).put(name, bytes(seed, 50_000)));
                }
                List<Integer> winners = new ArrayList<>();
                List<Future<Boolean>> results = pool.invokeAll(puts);
                for (int i = 0; i < threads; i++) {
                    if (results.get(i).get()) {
                        winners.add(i);
                    }
                }
                assertEquals(1, winners.size(), "winners " + winners);
                assertArrayEquals(bytes(winners.getFirst(), 50_000).array(), read(one, name));
            }
        }
    }

    @Test
    void whoeverSeesAnObjectSeesAllOfIt() throws Exception {
        BackupTarget writer = target();
        BackupTarget reader = target();
        ByteBuffer content = bytes(4, LARGE);
        try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
            Future<Boolean> put = pool.submit(() -> writer.put(NAME, content));
            while (!put.isDone()) {
                OptionalLong size = reader.stat(NAME);
                assertTrue(size.isEmpty() || size.getAsLong() == LARGE, "seen with " + size);
                List<Long> listed = new ArrayList<>();
                reader.list("data", stored -> listed.add(stored.size()));
                assertTrue(listed.isEmpty() || listed.equals(List.of((long) LARGE)), "listed with " + listed);
            }
            assertTrue(put.get());
        }
        assertEquals(OptionalLong.of(LARGE), reader.stat(NAME));
    }

    @Test
    void anyRangeCanBeRead() throws Exception {
        BackupTarget target = target();
        byte[] content = bytes(5, 10_000).array();
        target.put(NAME, ByteBuffer.wrap(content));
        for (int[] range : new int[][] {{0, 1}, {0, 10_000}, {1, 9_999}, {5_000, 100}, {9_999, 1}, {9_000, 1_000}}) {
            ByteBuffer into = ByteBuffer.allocate(range[1] + 6).position(3).limit(range[1] + 3);
            assertEquals(range[1], target.get(NAME, range[0], into));
            assertFalse(into.hasRemaining());
            assertArrayEquals(Arrays.copyOfRange(content, range[0], range[0] + range[1]),
                    Arrays.copyOfRange(into.array(), 3, 3 + range[1]));
            assertEquals(0, into.array()[2] | into.array()[range[1] + 3], "nothing beside the room is written");
        }
    }

    @Test
    void aRangeBeyondTheEndIsCutOff() throws Exception {
        BackupTarget target = target();
        target.put(NAME, bytes(5, 100));
        ByteBuffer into = ByteBuffer.allocate(50);
        assertEquals(10, target.get(NAME, 90, into));
        assertEquals(10, into.position());
        assertEquals(0, target.get(NAME, 100, into));
        assertEquals(0, target.get(NAME, 1L << 40, into));
        assertEquals(0, target.get(NAME, 0, ByteBuffer.allocate(0)));
    }

    @Test
    void whatIsMissingIsSaidToBeMissing() throws Exception {
        BackupTarget target = target();
        assertThrows(NoSuchFileException.class, () -> target.get(NAME, 0, ByteBuffer.allocate(1)));
        assertEquals(OptionalLong.empty(), target.stat(NAME));
        assertFalse(target.delete(NAME));
        target.put(NAME, bytes(1, 1));
        assertThrows(NoSuchFileException.class, () -> target.get("data/5f/5f01", 0, ByteBuffer.allocate(1)));
        assertEquals(OptionalLong.empty(), target.stat("data/5f"), "a folder is no object");
        assertThrows(NoSuchFileException.class, () -> target.get("data/5f", 0, ByteBuffer.allocate(1)));
    }

    @Test
    void whatWasDeletedIsGoneAndItsNameIsFree() throws Exception {
        BackupTarget target = target();
        target.put(NAME, bytes(1, 100));
        assertTrue(target().delete(NAME));
        assertEquals(OptionalLong.empty(), target.stat(NAME));
        assertThrows(NoSuchFileException.class, () -> target.get(NAME, 0, ByteBuffer.allocate(1)));
        assertEquals(Map.of(), listing(target, "data"));
        assertTrue(target.put(NAME, bytes(2, 200)));
        assertArrayEquals(bytes(2, 200).array(), read(target, NAME));
    }

    @Test
    void aListingShowsAllBelowAFolderAndNothingElse() throws Exception {
        BackupTarget target = target();
        assertEquals(Map.of(), listing(target, "data"));
        Map<String, Long> expected = new TreeMap<>();
        for (int i = 0; i < 300; i++) {
            String name = "data/%02x/%02x%04x".formatted(i % 7, i % 7, i);
            target.put(name, bytes(i, i));
            expected.put(name, (long) i);
        }
        target.put("config", bytes(1, 3));
        target.put("database/00", bytes(1, 3));
        target.put("index/00", bytes(1, 3));
        assertEquals(expected, listing(target, "data"));
        assertEquals(Map.of("index/00", 3L), listing(target, "index"));
        expected.keySet().removeIf(name -> !name.startsWith("data/03/"));
        assertEquals(expected, listing(target, "data/03"));
    }

    @Test
    void namesThatLeadElsewhereAreRefused() throws Exception {
        BackupTarget target = target();
        for (String name : List.of("", "/", "/a", "a/", "a//b", "..", "../a", "a/../b", "a/./b", ".a", "a\\b", "A", "a b", "ä", "a\0",
                "a/b/c/d/e", "a".repeat(BackupTarget.MAX_NAME + 1))) {
            assertThrows(IllegalArgumentException.class, () -> target.put(name, bytes(1, 1)), name);
            assertThrows(IllegalArgumentException.class, () -> target.get(name, 0, ByteBuffer.allocate(1)), name);
            assertThrows(IllegalArgumentException.class, () -> target.stat(name), name);
            assertThrows(IllegalArgumentException.class, () -> target.delete(name), name);
            assertThrows(IllegalArgumentException.class, () -> target.list(name, stored -> { }), name);
        }
        assertTrue(target.put("a".repeat(BackupTarget.MAX_NAME), bytes(1, 1)));
    }

    @Test
    void whatWasStoredOutlivesTheConnection() throws Exception {
        BackupTarget first = target();
        first.put(NAME, bytes(1, 100));
        first.close();
        first.close();
        assertThrows(IOException.class, () -> first.put("config", bytes(1, 1)));
        assertThrows(IOException.class, () -> first.stat(NAME));
        assertThrows(IOException.class, () -> first.list("data", stored -> { }));
        assertArrayEquals(bytes(1, 100).array(), read(target(), NAME));
    }

    private static ByteBuffer bytes(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static byte[] read(BackupTarget target, String name) throws IOException {
        ByteBuffer into = ByteBuffer.allocate((int) target.stat(name).orElseThrow() + 1);
        int length = target.get(name, 0, into);
        return Arrays.copyOf(into.array(), length);
    }

    private static Map<String, Long> listing(BackupTarget target, String folder) throws IOException {
        Map<String, Long> found = new TreeMap<>();
        target.list(folder, stored -> found.merge(stored.name(), stored.size(), (a, b) -> {
            throw new AssertionError(stored.name() + " comes twice");
        }));
        return found;
    }
}
