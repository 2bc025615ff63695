package org.ashlar.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.store.Snapshotable.Barrier;
import org.ashlar.codec.KernelResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cut shows what was acknowledged before it, and nothing that was begun after it. */
@Timeout(60)
class KernelSnapshotTest {
    private static final int WRITERS = 64;

    private final TestNode node = new TestNode();

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void aCutUnderSixtyFourWritersShowsWhatWasAcknowledgedBeforeIt() throws Exception {
        Set<ProcessId> begun = ConcurrentHashMap.newKeySet();
        Set<ProcessId> acknowledged = ConcurrentHashMap.newKeySet();
        AtomicBoolean writing = new AtomicBoolean(true);
        byte[] script = node.runtime.script("echo", Scripts.ECHO);
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int w = 0; w < WRITERS; w++) {
                int writer = w;
                writers.submit(() -> {
                    for (int i = 0; i < 500 && writing.get(); i++) {
                        ProcessId id = ProcessId.parse("p-" + writer + "-" + i + ":test:sys");
                        begun.add(id);
                        node.node.guests().initialize(node.definition(id, OnExit.RESTART, true), script, List.of());
                        acknowledged.add(id);
                    }
                    return null;
                });
            }
            TestNode.await("writers are under way", () -> acknowledged.size() > 200);
            KernelSnapshot snapshot = new KernelSnapshot(node.node);
            snapshot.prepare();
            Set<ProcessId> before = new HashSet<>(acknowledged);
            snapshot.cut(Barrier.NONE);
            Set<ProcessId> begunByThen = new HashSet<>(begun);
            TestNode.await("writers went on", () -> acknowledged.size() > before.size() + 100);
            writing.set(false);
            Set<ProcessId> shown = shownBy(snapshot);
            assertTrue(shown.containsAll(before), "what was acknowledged before the cut is in it");
            assertTrue(begunByThen.containsAll(shown), "what was begun after the cut is not");
            assertFalse(shown.containsAll(acknowledged), "the node went on meanwhile");
            assertEquals(shown, shownBy(snapshot), "it can be read again");
            snapshot.release();
            assertThrows(IllegalStateException.class, snapshot::open);
        }
    }

    private static Set<ProcessId> shownBy(KernelSnapshot snapshot) throws Exception {
        try (InputStream in = snapshot.open().getFirst().read()) {
            return ((KernelResponse.ProcessMap) KernelResponse.parse(in.readAllBytes())).processes().keySet();
        }
    }
}
