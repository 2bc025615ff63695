package org.ashlar.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.ashlar.api.store.Snapshotable;
import org.ashlar.api.store.Snapshotable.Barrier;
import org.ashlar.api.store.Snapshotable.Entry;
import org.junit.jupiter.api.Test;

/**
 * What every provider of {@link Snapshotable} must keep. A subclass says what to write and how to read it back: each
 * writer has a number, and writes ever larger values under it.
 */
public abstract class SnapshotableContract {
    private static final int CUT_TRIES = 20;
    private static final int CUTS = 5;

    /** The part under test: the same one at every call within a test. */
    protected abstract Snapshotable part();

    /** Writes {@code value} as the current one of {@code writer}, at once and whole; acknowledged when it returns. */
    protected abstract void write(int writer, long value) throws Exception;

    /** Reads the current value of each writer from a snapshot: 0 where none was written. */
    protected abstract long[] read(List<Entry> entries, int writers) throws Exception;

    /** How many write at the same time. */
    protected int writers() {
        return 64;
    }

    private List<Entry> snapshot() throws IOException {
        part().prepare();
        part().cut(Barrier.NONE);
        return part().open();
    }

    @Test
    void itsNameIsAFolder() {
        assertTrue(part().name().matches("[a-z-]+"), part().name());
    }

    @Test
    void theCutShowsWhatWasBeforeAndNothingAfter() throws Exception {
        write(0, 1);
        List<Entry> entries = snapshot();
        write(0, 2);
        write(1, 3);
        assertArrayEquals(new long[] {1, 0}, read(entries, 2));
        assertArrayEquals(new long[] {1, 0}, read(part().open(), 2));
        part().release();
        assertArrayEquals(new long[] {2, 3}, read(snapshot(), 2));
        part().release();
    }

    @Test
    void withoutACutThereIsNothingToOpenAndNothingToLetGo() throws Exception {
        part().release();
        assertThrows(IllegalStateException.class, () -> part().open());
        part().prepare();
        assertThrows(IllegalStateException.class, () -> part().open());
        part().release();
        part().release();
        snapshot();
        part().release();
        assertThrows(IllegalStateException.class, () -> part().open());
    }

    @Test
    void entriesHavePlainPathsAndCanBeReadTwice() throws Exception {
        write(0, 1);
        Set<String> paths = new HashSet<>();
        for (Entry entry : snapshot()) {
            assertFalse(entry.path().startsWith("/") || List.of(entry.path().split("/")).contains(".."), entry.path());
            assertTrue(paths.add(entry.path()), entry.path() + " comes twice");
            if (entry.kind() == Entry.Kind.FILE) {
                assertArrayEquals(content(entry), content(entry));
            }
        }
        assertFalse(paths.isEmpty());
        part().release();
    }

    @Test
    void underLoadTheCutShowsExactlyWhatWasAcknowledgedBefore() throws Exception {
        int count = writers();
        AtomicLongArray begun = new AtomicLongArray(count);
        AtomicLongArray acknowledged = new AtomicLongArray(count);
        AtomicBoolean enough = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int writer = i;
                writers.add(threads.submit(() -> {
                    for (long value = 1; !enough.get(); value++) {
                        begun.set(writer, value);
                        write(writer, value);
                        acknowledged.set(writer, value);
                    }
                    return null;
                }));
            }
            try {
                for (int i = 0; i < CUTS; i++) {
                    Thread.sleep(50);
                    cutUnderLoad(begun, acknowledged);
                }
            } finally {
                enough.set(true);
            }
            for (Future<?> writer : writers) {
                writer.get(60, TimeUnit.SECONDS);
            }
        }
    }

    private void cutUnderLoad(AtomicLongArray begun, AtomicLongArray acknowledged) throws Exception {
        long[] before = cut(acknowledged);
        long[] after = values(begun);
        Thread.sleep(20);
        long[] seen = read(part().open(), before.length);
        part().release();
        for (int writer = 0; writer < before.length; writer++) {
            // What was under way while the cut was made may be in or not; nothing else may differ.
            assertTrue(seen[writer] >= before[writer],
                    "writer " + writer + ": " + before[writer] + " was acknowledged before the cut, which shows " + seen[writer]);
            assertTrue(seen[writer] <= after[writer],
                    "writer " + writer + ": the cut shows " + seen[writer] + ", which began after it; last before was "
                            + after[writer]);
        }
    }

    /** A part may fail to come to rest in time, on a busy machine; then it is asked again. @return what had been acknowledged */
    private long[] cut(AtomicLongArray acknowledged) throws IOException {
        for (int left = CUT_TRIES; ; left--) {
            part().prepare();
            long[] before = values(acknowledged);
            try {
                part().cut(Barrier.NONE);
                return before;
            } catch (IOException e) {
                part().release();
                if (left == 1) {
                    throw e;
                }
            }
        }
    }

    @Test
    void fromRestUntilTheMomentNothingIsAcknowledged() throws Exception {
        write(0, 1);
        part().prepare();
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean acknowledged = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().unstarted(() -> {
            begun.countDown();
            try {
                write(0, 2);
                acknowledged.set(true);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        AtomicBoolean atTheMoment = new AtomicBoolean();
        part().cut(() -> {
            writer.start();
            try {
                begun.await();
                Thread.sleep(100);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            atTheMoment.set(acknowledged.get());
        });
        writer.join();
        assertFalse(atTheMoment.get(), "a write was acknowledged while the part was at rest");
        assertTrue(acknowledged.get(), "it went on afterwards");
        assertEquals(1, read(part().open(), 1)[0]);
        part().release();
    }

    @Test
    void withoutAMomentItGoesOnAndHoldsNothing() throws Exception {
        part().prepare();
        assertThrows(IOException.class, () -> part().cut(() -> {
            throw new IOException("another part did not come");
        }));
        write(0, 1);
        assertThrows(IllegalStateException.class, () -> part().open());
        assertEquals(1, read(snapshot(), 1)[0]);
        part().release();
    }

    @Test
    void aSecondSnapshotDoesNotBeginWhileOneIsHeld() throws Exception {
        write(0, 1);
        List<Entry> entries = snapshot();
        assertThrows(IllegalStateException.class, () -> part().prepare());
        assertEquals(1, read(entries, 1)[0]);
        part().release();
    }

    private static long[] values(AtomicLongArray array) {
        long[] values = new long[array.length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i);
        }
        return values;
    }

    private static byte[] content(Entry entry) throws IOException {
        try (InputStream in = entry.read()) {
            return in.readAllBytes();
        }
    }
}
