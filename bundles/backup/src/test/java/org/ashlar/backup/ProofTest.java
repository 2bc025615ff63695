package org.ashlar.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.store.Snapshotable;
import org.ashlar.repository.Options;
import org.ashlar.repository.Replicas;
import org.ashlar.repository.Repository;
import org.ashlar.repository.Watcher;
import org.junit.jupiter.api.Test;

/** What is promised of verification and of homes that are restored. */
class ProofTest extends BackedUpNode {
    @Test
    void promise7_aSnapshotHoldsAllThatWasAcknowledgedBeforeIt() throws Exception {
        engine.targets().attach("first", "", first);
        create();
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 500 && !Thread.currentThread().isInterrupted(); i++) {
                keep("x", String.valueOf(i));
                keep("y", String.valueOf(i));
            }
        });
        keep("before", "acknowledged");
        done(submit("Now", "{}"));
        writer.interrupt();
        writer.join();
        assertEquals(Optional.of("acknowledged"), restored(first, "back", "before"));
        int x = Integer.parseInt(valueIn(temporary.resolve("back"), "x").orElse("-1"));
        int y = Integer.parseInt(valueIn(temporary.resolve("back"), "y").orElse("-1"));
        assertTrue(x == y || x == y + 1, "x was " + x + " and y " + y);
    }

    @Test
    void promise10_whatIsSaidToBeProvenWasReadBackAndRestored() throws Exception {
        engine.targets().attach("first", "", first);
        create();
        keep("a", "1");
        done(submit("Now", "{}"));
        assertEquals(Optional.empty(), engine.ledger().target("first").verified());
        assertTrue(done(submit("Verify", "{}")).contains("restored to scratch"));
        assertTrue(engine.ledger().target("first").verified().isPresent());
        // One bit of one pack, and it is found.
        String pack = first.place().keySet().stream().filter(name -> name.startsWith("data/")).findFirst().orElseThrow();
        byte[] bytes = first.place().get(pack).clone();
        bytes[bytes.length / 2] ^= 1;
        first.place().put(pack, bytes);
        String wrong = ended(submit("Verify", "{\"all\":true}")).problem().orElse("");
        assertTrue(wrong.contains("error") && wrong.contains("first"), wrong);
    }

    @Test
    void promise10_whatIsDamagedOnOneTargetIsRepairedFromAnother() throws Exception {
        engine.targets().attach("first", "", first);
        engine.targets().attach("second", "", second);
        create();
        keep("a", "treasure");
        done(submit("Now", "{}"));
        List<String> packs = first.place().keySet().stream().filter(name -> name.startsWith("data/")).toList();
        first.place().remove(packs.getFirst());
        byte[] bytes = first.place().get(packs.getLast()).clone();
        bytes[0] ^= 1;
        first.place().put(packs.getLast(), bytes);
        assertTrue(done(submit("Verify", "{\"all\":true,\"repair\":true}")).contains("Repaired"));
        assertEquals(Optional.of("treasure"), restored(first, "back", "a"));
    }

    @Test
    void aRestoreThatWasCutOffLeavesNoHomeAndTheNextOneIsWhole() throws Exception {
        engine.targets().attach("first", "", first);
        create();
        keep("a", "treasure");
        done(submit("Now", "{}"));
        Files.createDirectories(temporary.resolve(".back.restoring/ashlar/store"));
        Files.writeString(temporary.resolve(".back.restoring/ashlar/store/state.db"), "half");
        assertEquals(Optional.of("treasure"), restored(first, "back", "a"));
        assertThrows(IOException.class, () -> restored(first, "back", "a"), "what is there is left alone");
    }

    @Test
    void aTargetThatLostAFileRestoresNoHomeAndSaysWhat() throws Exception {
        engine.targets().attach("first", "", first);
        create();
        done(submit("Now", "{}"));
        List<String> packs = new ArrayList<>(first.place().keySet().stream().filter(name -> name.startsWith("data/")).toList());
        packs.forEach(first.place()::remove);
        Path fresh = temporary.resolve("back");
        try (Replicas alone = Replicas.of(first);
                Repository repository = Repository.open(alone, "password".toCharArray(), Options.here(temporary))) {
            HomeRestore.Result result = new HomeRestore(fresh).run(repository, repository.snapshots().getLast().snapshot(), Watcher.NONE);
            assertFalse(result.problems().isEmpty());
        }
        assertFalse(Files.exists(fresh));
    }

    @Test
    void promise3_aSnapshotThatLacksWhatCouldNotBeReadDoesNotCount() throws Exception {
        engine.targets().attach("first", "", first);
        create();
        parts.add(new Unreadable());
        String lacking = ended(submit("Now", "{}")).problem().orElse("");
        assertTrue(lacking.contains("does not count") && lacking.contains("a bad sector"), lacking);
        done(engine.submit(job -> String.valueOf(engine.runs().settle(engine.vault().repository(Optional.empty()), job))));
        assertTrue(line().startsWith("Nothing is backed up yet"), line());
        String none = ended(submit("Ls", "{\"snapshot\":\"latest\"}")).problem().orElse("");
        assertTrue(none.contains("every snapshot lacks"), none);
        parts.removeLast();
        done(submit("Now", "{}"));
        parts.add(new Unreadable());
        ended(submit("Now", "{}"));
        parts.removeLast();
        assertFalse(done(submit("Ls", "{\"snapshot\":\"latest\"}")).contains("unreadable"), "the newest is not the newest that is whole");
        assertTrue(line().startsWith("Safe on 1 of 1 target"), line());
    }

    private static final class Unreadable implements Snapshotable {
        @Override
        public String name() {
            return "unreadable";
        }

        @Override
        public void prepare() { }

        @Override
        public void cut(Barrier barrier) throws IOException {
            barrier.await();
        }

        @Override
        public List<Entry> open() {
            return List.of(new Entry() {
                @Override
                public String path() {
                    return "file";
                }

                @Override
                public InputStream read() throws IOException {
                    throw new IOException("a bad sector");
                }
            });
        }

        @Override
        public void release() { }
    }
}
