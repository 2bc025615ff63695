package org.ashlar.api.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Parts that are cut together, and one among them that does not do its part. */
@Timeout(60)
class SnapshotTest {
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());

    @Test
    void allAreAtRestBeforeAnyGoesOnAndHigherLayersComeFirst() throws Exception {
        Snapshot snapshot = Snapshot.take(List.of(new Part("b", 0), new Part("top", 2), new Part("a", 0), new Part("mid", 1)));
        List<String> order = events.stream().filter(event -> event.endsWith("rests") || event.endsWith("goes on")).toList();
        assertEquals(List.of("top rests", "mid rests"), order.subList(0, 2));
        assertTrue(order.subList(0, 4).stream().allMatch(event -> event.endsWith("rests")), order.toString());
        assertEquals(4, snapshot.parts().size());
        snapshot.close();
        assertEquals(4, events.stream().filter(event -> event.endsWith("released")).count());
    }

    @Test
    void onePartThatHangsFailsTheSnapshotAndTheOthersGoOn() throws Exception {
        CountDownLatch hang = new CountDownLatch(1);
        Part stuck = new Part("stuck", 0) {
            @Override
            void comeToRest() {
                awaitQuietly(hang);
            }
        };
        IOException failure = assertThrows(IOException.class,
                () -> Snapshot.take(List.of(new Part("kernel", 1), stuck, new Part("lower", -1))));
        assertTrue(failure.getMessage().contains("because of stuck: it did not come to rest within"), failure.getMessage());
        assertTrue(events.contains("kernel without a cut"), events.toString());
        assertTrue(events.contains("kernel released"), events.toString());
        assertTrue(events.contains("lower released"), "one that was prepared and never asked: " + events);
        assertFalse(events.contains("stuck released"), "it still hangs");
        hang.countDown();
        while (!events.contains("stuck released")) {
            Thread.sleep(5);
        }
        assertTrue(events.contains("stuck without a cut"), events.toString());
        Snapshot.take(List.of(new Part("kernel", 1), new Part("stuck", 0))).close();
    }

    @Test
    void onePartThatFailsIsNamedAndTheOthersGoOn() {
        Part broken = new Part("broken", 0) {
            @Override
            void comeToRest() throws IOException {
                throw new IOException("no room");
            }
        };
        IOException failure = assertThrows(IOException.class, () -> Snapshot.take(List.of(broken, new Part("kernel", 1))));
        assertEquals("There is no snapshot, because of broken: no room", failure.getMessage());
        assertTrue(events.contains("kernel without a cut"), events.toString());
    }

    @Test
    void onePartThatDoesNotWaitIsRefused() {
        Part hasty = new Part("hasty", 0) {
            @Override
            public void cut(Barrier barrier) {
                events.add("hasty did not wait");
            }
        };
        IOException failure = assertThrows(IOException.class, () -> Snapshot.take(List.of(hasty, new Part("kernel", 1))));
        assertTrue(failure.getMessage().contains("hasty: it did not wait for the moment"), failure.getMessage());
    }

    @Test
    void aSecondSnapshotLeavesTheFirstAlone() throws Exception {
        Part store = new Part("store", 0);
        Part kernel = new Part("kernel", 1);
        Snapshot first = Snapshot.take(List.of(store, kernel));
        IOException refused = assertThrows(IOException.class, () -> Snapshot.take(List.of(new Part("early", 2), store, kernel)));
        assertTrue(refused.getMessage().contains("under way"), refused.getMessage());
        assertTrue(events.contains("early released"));
        assertFalse(events.contains("store released"));
        first.close();
        Snapshot.take(List.of(store, kernel)).close();
    }

    @Test
    void twoPartsOfOneNameAreRefused() {
        assertThrows(IOException.class, () -> Snapshot.take(List.of(new Part("store", 0), new Part("store", 0))));
        assertEquals(List.of(), events);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private class Part implements Snapshotable {
        private final String name;
        private final int layer;
        private boolean held;

        Part(String name, int layer) {
            this.name = name;
            this.layer = layer;
        }

        void comeToRest() throws IOException { }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int layer() {
            return layer;
        }

        @Override
        public synchronized void prepare() {
            if (held) {
                throw new IllegalStateException("a snapshot of " + name + " is under way");
            }
            held = true;
        }

        @Override
        public void cut(Barrier barrier) throws IOException {
            try {
                comeToRest();
                events.add(name + " rests");
                barrier.await();
                events.add(name + " goes on");
            } catch (IOException e) {
                events.add(name + " without a cut");
                throw e;
            }
        }

        @Override
        public List<Entry> open() {
            return List.of();
        }

        @Override
        public synchronized void release() {
            held = false;
            events.add(name + " released");
        }
    }
}
