package org.ashlar.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.store.StateStore;
import org.ashlar.api.store.StateStore.Change;
import org.ashlar.api.store.StoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every provider of {@link StateStore} must keep. A subclass says how to open and close one. */
public abstract class StateStoreContract {
    private static final int WRITERS = 64;
    private static final int COMMITS = 20;

    private StateStore store;

    /** Opens the store under test: within a test always on the same folder, which is fresh for each test. */
    protected abstract StateStore openStore() throws Exception;

    /** Closes it as a departing bundle would. */
    protected abstract void closeStore(StateStore opened) throws Exception;

    @BeforeEach
    void openFirst() throws Exception {
        store = openStore();
    }

    @AfterEach
    void closeLast() throws Exception {
        closeStore(store);
    }

    private void reopen() throws Exception {
        closeStore(store);
        store = openStore();
    }

    @Test
    void whatWasNeverPutIsAbsent() {
        assertEquals(Optional.empty(), store.get("state", "nobody"));
    }

    @Test
    void theLastValuePutIsRead() {
        put("key", "first");
        put("key", "second");
        assertEquals("second", read("key"));
    }

    @Test
    void aRemovedKeyIsAbsentAndRemovingNothingIsFine() {
        put("key", "value");
        store.commit(List.of(Change.remove("state", "key")));
        store.commit(List.of(Change.remove("state", "key")));
        assertEquals(Optional.empty(), store.get("state", "key"));
    }

    @Test
    void anEmptyValueIsAValue() {
        put("key", "");
        assertArrayEquals(new byte[0], store.get("state", "key").orElseThrow());
        assertEquals(List.of("key="), scan(""));
    }

    @Test
    void everyByteSurvives() {
        byte[] every = new byte[256];
        for (int i = 0; i < every.length; i++) {
            every[i] = (byte) i;
        }
        store.commit(List.of(Change.put("state", "key", every)));
        assertArrayEquals(every, store.get("state", "key").orElseThrow());
    }

    @Test
    void tablesAreApart() {
        store.commit(List.of(Change.put("state", "key", bytes("a")), Change.put("mail", "key", bytes("b"))));
        store.commit(List.of(Change.remove("mail", "key")));
        assertEquals("a", read("key"));
        assertEquals(Optional.empty(), store.get("mail", "key"));
    }

    @Test
    void changesApplyInTheOrderGiven() {
        store.commit(List.of(Change.put("state", "key", bytes("1")), Change.remove("state", "key"),
                Change.put("state", "key", bytes("3"))));
        assertEquals("3", read("key"));
    }

    @Test
    void aCommitOfNothingIsFine() {
        store.commit(List.of());
        assertEquals(List.of(), scan(""));
    }

    @Test
    void aScanGivesThePrefixAloneInTheOrderOfUtf8Bytes() {
        // U+FF5E sorts behind U+1F600 as UTF-16, before it as UTF-8.
        for (String key : List.of("a/\uff5e", "a/\ud83d\ude00", "a/", "a/b", "a", "b", "a0", "a%c", "a_c")) {
            put(key, "v");
        }
        assertEquals(List.of("a/=v", "a/b=v", "a/\uff5e=v", "a/\ud83d\ude00=v"), scan("a/"));
        assertEquals(List.of("a%c=v"), scan("a%"));
        assertEquals(List.of("a_c=v"), scan("a_"));
        assertEquals(9, scan("").size());
    }

    @Test
    void aScanOfManyPairsIsComplete() {
        List<Change> changes = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            changes.add(Change.put("state", String.format("%05d", i), new byte[i % 3000]));
            expected.add(String.format("%05d", i));
        }
        store.commit(changes);
        List<String> keys = new ArrayList<>();
        store.scan("state", "", (key, value) -> {
            assertEquals(Integer.parseInt(key) % 3000, value.length);
            keys.add(key);
        });
        assertEquals(expected, keys);
    }

    @Test
    void aScansConsumerMayUseTheStore() {
        put("a", "1");
        put("b", "2");
        store.scan("state", "", (key, value) -> store.commit(List.of(
                Change.put("copy", key, store.get("state", key).orElseThrow()))));
        assertArrayEquals(bytes("2"), store.get("copy", "b").orElseThrow());
    }

    @Test
    void aRefusedChangeTakesItsWholeCommitWithIt() {
        put("kept", "old");
        assertThrows(StoreException.class, () -> store.commit(List.of(Change.put("state", "kept", bytes("new")),
                Change.put("state", "k".repeat(StateStore.MAX_KEY + 1), bytes("x")))));
        assertEquals("old", read("kept"));
    }

    @Test
    void limitsAreHeldAndNamed() {
        String longest = "k".repeat(StateStore.MAX_KEY);
        put(longest, "v");
        assertEquals("v", read(longest));
        for (String table : List.of("", "State", "a b", "t".repeat(33), "a_b")) {
            assertThrows(StoreException.class, () -> store.commit(List.of(Change.put(table, "k", bytes("v")))), table);
            assertThrows(StoreException.class, () -> store.get(table, "k"), table);
        }
        String umlauts = "ü".repeat(StateStore.MAX_KEY / 2 + 1);
        assertThrows(StoreException.class, () -> put(umlauts, "v"));
        StoreException tooLarge = assertThrows(StoreException.class, () -> store.commit(List.of(
                Change.put("state", "big", new byte[StateStore.MAX_VALUE + 1]))));
        assertTrue(tooLarge.getMessage().contains(String.valueOf(StateStore.MAX_VALUE)), tooLarge.getMessage());
    }

    @Test
    void theLargestValueIsKept() throws Exception {
        byte[] largest = new byte[StateStore.MAX_VALUE];
        largest[largest.length - 1] = 7;
        store.commit(List.of(Change.put("state", "big", largest)));
        reopen();
        assertArrayEquals(largest, store.get("state", "big").orElseThrow());
    }

    @Test
    void everythingIsThereAfterReopening() throws Exception {
        put("a", "1");
        put("b", "2");
        reopen();
        assertEquals(List.of("a=1", "b=2"), scan(""));
    }

    @Test
    void manyWritersAtOnceLoseNothing() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                String name = "w" + writer + "/";
                writers.add(threads.submit(() -> {
                    for (int i = 0; i < COMMITS; i++) {
                        put(name + i, "v" + i);
                        assertEquals("v" + i, read(name + i));
                    }
                }));
            }
            for (Future<?> writer : writers) {
                writer.get(60, TimeUnit.SECONDS);
            }
        }
        reopen();
        assertEquals(WRITERS * COMMITS, scan("").size());
    }

    @Test
    void whatOneWriterIsRefusedHarmsNoOther() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                String key = i % 2 == 0 ? "good" + i : "k".repeat(StateStore.MAX_KEY + 1);
                writers.add(threads.submit(() -> put(key, "v")));
            }
            for (int i = 0; i < WRITERS; i++) {
                Future<?> writer = writers.get(i);
                if (i % 2 == 0) {
                    writer.get(60, TimeUnit.SECONDS);
                } else {
                    assertThrows(Exception.class, () -> writer.get(60, TimeUnit.SECONDS));
                }
            }
        }
        assertEquals(WRITERS / 2, scan("good").size());
    }

    @Test
    void anInterruptedCallerHarmsNobody() {
        Thread.currentThread().interrupt();
        put("key", "value");
        assertEquals("value", read("key"));
        assertTrue(Thread.interrupted(), "the interrupt is not swallowed");
        put("other", "value");
        assertEquals("value", read("other"));
    }

    @Test
    void aClosedStoreRefuses() throws Exception {
        put("key", "value");
        StateStore closed = store;
        reopen();
        assertThrows(StoreException.class, () -> closed.get("state", "key"));
        assertThrows(StoreException.class, () -> closed.commit(List.of(Change.put("state", "key", bytes("x")))));
        assertEquals("value", read("key"));
    }

    @Test
    void aSuccessorWaitsForItsPredecessorAndSeesAllItWrote() throws Exception {
        CompletableFuture<StateStore> successor = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                successor.complete(openStore());
            } catch (Throwable e) {
                successor.completeExceptionally(e);
            }
        });
        Thread.sleep(200);
        assertFalse(successor.isDone());
        put("last", "word");
        closeStore(store);
        store = successor.get(10, TimeUnit.SECONDS);
        assertEquals("word", read("last"));
    }

    private void put(String key, String value) {
        store.commit(List.of(Change.put("state", key, bytes(value))));
    }

    private String read(String key) {
        return new String(store.get("state", key).orElseThrow(), UTF_8);
    }

    private List<String> scan(String prefix) {
        List<String> pairs = new ArrayList<>();
        store.scan("state", prefix, (key, value) -> pairs.add(key + '=' + new String(value, UTF_8)));
        return pairs;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
