package org.ashlar.durability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ashlar.durability.NodeUnderTest.Ended;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A disk whose syncs fail, made by {@code strace}: what cannot be put on disk is not acknowledged. */
class FailedSyncIT {
    private static final String PROBE = ProbePackage.process("one");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void nothingIsAcknowledgedThatCouldNotBeSyncedAndWhatWasStays() throws Exception {
        Strace.assumeItCanBeUsed(folder);
        ProbePackage first = ProbePackage.write(folder.resolve("first"), "1.0.0", List.of("one"), 1000);
        ProbePackage second = ProbePackage.write(folder.resolve("second"), "2.0.0", List.of("one"), 1000);
        try (NodeUnderTest node = new NodeUnderTest(folder, folder.resolve("home"))) {
            node.up();
            node.ok("start", first.folder().toString(), "--yes");
            assertEquals("kept", node.ask(PROBE, "!set-state value=before;respond body=kept"));

            Process strace = Strace.failSyncs(node.pid(), folder.resolve("trace"), folder.resolve("said"));
            Ended state = node.run("m", "our@" + PROBE, "!set-state value=lost;respond body=kept", "-a", "60");
            Ended update = node.run("start", second.folder().toString(), "--yes");
            strace.destroy();
            strace.waitFor();

            assertTrue(Files.readString(folder.resolve("trace")).contains("INJECTED"), "syncs were asked for, and failed");
            assertNotEquals(0, state.status(), "the guest went on after a state that is not on disk: " + state.out());
            assertFalse(state.out().contains("kept"), state.out());
            assertNotEquals(0, update.status(), update.out());
            assertEquals(1, update.err().lines().count(), "one line for a person: " + update.err());

            node.kill();
            node.up();
            String journal = node.ask(PROBE, "!get-state;report");
            assertTrue(journal.contains("note text=1.0.0\n"), journal);
            // The value that was not acknowledged may be there: its bytes were written, and no power was cut.
            assertTrue(journal.contains("state value=before\n") || journal.contains("state value=lost\n"), journal);
            assertEquals("kept", node.ask(PROBE, "!set-state value=after;respond body=kept"));
            assertTrue(node.ask(PROBE, "!get-state;report").contains("state value=after\n"), "it can be written again");
        }
    }
}
