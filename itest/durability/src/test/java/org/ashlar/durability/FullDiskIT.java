package org.ashlar.durability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.ashlar.durability.NodeUnderTest.Ended;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The disk of a home fills up while the node runs: what does not fit is told and not acknowledged, the rest stays and goes on. */
class FullDiskIT {
    private static final String PROBE = ProbePackage.process("one");
    private static final String SAVE = "!set-state size=200000;respond body=kept";
    private static final int MORE_THAN_FITS = 20_000_000;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;
    private Path disk;
    private Path ballast;

    @BeforeEach
    void mountASmallDisk() throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        ballast = disk.resolve("ballast");
        assumeTrue("root".equals(System.getProperty("user.name")) && run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk.toString()),
                "needs root, and the right to mount a small disk");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", "-l", disk.toString());
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
    }

    @Test
    void aFullDiskIsToldNothingIsLostAndWithRoomTheNodeGoesOn() throws Exception {
        ProbePackage first = ProbePackage.write(folder.resolve("first"), "1.0.0", List.of("one"), 1000);
        ProbePackage second = ProbePackage.write(folder.resolve("second"), "2.0.0", List.of("one", "two"), 1000);
        try (NodeUnderTest node = new NodeUnderTest(folder, disk.resolve("home"))) {
            node.up();
            long pid = node.pid();
            node.ok("start", first.folder().toString(), "--yes");
            assertEquals("kept", node.ask(PROBE, "!set-state value=before;respond body=kept"));

            fillUp();
            Ended state = node.run("m", "our@" + PROBE, SAVE, "-a", "60");
            assertEquals(1, state.status(), "a state that does not fit was acknowledged: " + state.out());
            String log = node.ok("log", PROBE);
            assertTrue(log.contains("disk is full"), "the log tells why: " + log);
            Ended update = node.run("start", second.folder().toString(), "--yes");
            assertEquals(1, update.status(), "a package that does not fit was installed: " + update.out());
            assertEquals(1, update.err().lines().count(), "one line: " + update.err());
            assertTrue(update.err().matches("(?s).*(disk is full|No space left).*"), update.err());
            assertIntact(node, "before");

            Files.delete(ballast);
            assertEquals("kept", node.ask(PROBE, "!set-state value=after;respond body=kept"));
            node.ok("start", second.folder().toString(), "--yes");
            assertEquals(pid, node.pid(), "the node has gone on all the time");
            node.kill();
            node.up();
            assertTrue(node.ask(PROBE, "!get-state;report").contains("note text=2.0.0\nstate value=after\n"));
        }
    }

    @Test
    void aNodeThatWasKilledOnAFullDiskStartsWithRoomAndHasEverything() throws Exception {
        ProbePackage first = ProbePackage.write(folder.resolve("first"), "1.0.0", List.of("one"), 1000);
        ProbePackage large = ProbePackage.write(folder.resolve("large"), "2.0.0", List.of("one", "two"), MORE_THAN_FITS);
        try (NodeUnderTest node = new NodeUnderTest(folder, disk.resolve("home"))) {
            node.up();
            node.ok("start", first.folder().toString(), "--yes");
            assertEquals("kept", node.ask(PROBE, "!set-state value=before;respond body=kept"));
            assertEquals(1, node.run("start", large.folder().toString(), "--yes").status());
            assertIntact(node, "before");
            fillUp();
            node.run("m", "our@" + PROBE, SAVE, "-a", "60");
            node.kill();
            node.run("up", "--detach"); // it may start or not; what is there it must leave alone
            node.close();
            Files.delete(ballast);
            node.up();
            assertIntact(node, "before");
        }
    }

    private static void assertIntact(NodeUnderTest node, String state) throws Exception {
        String journal = node.ask(PROBE, "!get-state;report");
        assertTrue(journal.contains("note text=1.0.0\n"), "the first version runs: " + journal);
        assertTrue(journal.contains("state value=" + state + "\n"), journal);
        assertTrue(!ProcessTable.of(node).contains(ProbePackage.process("two")), "nothing of the second version is left");
    }

    private void fillUp() throws IOException {
        try (FileChannel channel = FileChannel.open(ballast, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int block = 1 << 20; block >= 4096; block /= 2) {
                fillWith(channel, block);
            }
        }
    }

    private static void fillWith(FileChannel channel, int block) throws IOException {
        try {
            while (true) {
                channel.write(ByteBuffer.allocate(block), channel.size());
            }
        } catch (IOException full) {
            assertTrue(String.valueOf(full.getMessage()).contains("No space left"), full.toString());
        }
    }
}
