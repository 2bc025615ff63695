package org.ashlar.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting and stopping: what may be in the way, and what a person is told. */
class StartIT {
    @TempDir
    Path folder;

    @Test
    void theFirstStartCreatesTheHomeAndTellsHowToGoOn() throws Exception {
        try (Ashlar ashlar = new Ashlar(folder)) {
            String told = ashlar.up();
            for (String expected : List.of("itest is up", ashlar.home().toString(), "ashlar m ", "ashlar down",
                    "Nothing is backed up yet")) {
                assertTrue(told.contains(expected), told);
            }
            assertFalse(ashlar.status().get("key_encrypted").booleanValue());
            assertTrue(ashlar.ok("status").contains("not encrypted"));
            assertEquals("1\n", Files.readString(ashlar.home().resolve("VERSION")));
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(ashlar.home())));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(ashlar.socket())));
        }
    }

    @Test
    void aSecondUpOnTheSameHomeIsRefusedWithTheProcessOfTheFirst() throws Exception {
        try (Ashlar ashlar = new Ashlar(folder)) {
            ashlar.up();
            long pid = ashlar.pid();
            Ashlar.Result second = ashlar.run("up", "--detach").refused(1);
            assertTrue(second.err().contains("process " + pid), second.err());
            assertEquals(pid, ashlar.pid(), "the first one is left alone");
        }
    }

    @Test
    void ofTwoStartsAtOnceExactlyOneRuns() throws Exception {
        try (Ashlar ashlar = new Ashlar(folder)) {
            Process one = ashlar.start("up", "--detach").redirectErrorStream(true).start();
            Process other = ashlar.start("up", "--detach").redirectErrorStream(true).start();
            assertTrue(one.waitFor(100, TimeUnit.SECONDS) && other.waitFor(100, TimeUnit.SECONDS));
            List<Integer> ends = List.of(one.exitValue(), other.exitValue());
            assertEquals(1, ends.stream().filter(status -> status == 0).count(), ends.toString());
            Process refused = one.exitValue() == 0 ? other : one;
            String told = new String(refused.getInputStream().readAllBytes());
            assertTrue(told.contains("process " + ashlar.pid()), told);
        }
    }

    @Test
    void aRestartKeepsPackagesAndState() throws Exception {
        try (Ashlar ashlar = new Ashlar(folder)) {
            ashlar.up();
            ashlar.startProbes(List.of("one"));
            assertEquals("kept", ashlar.ok("m", "our@one:probe:itest", "!set-state value=treasure;respond body=kept", "-a", "9"));
            ashlar.ok("down");
            ashlar.up();
            String journal = ashlar.ok("m", "our@one:probe:itest", "!get-state;report", "-a", "9");
            assertTrue(journal.contains("state value=treasure"), journal);
            assertTrue(ashlar.ok("packages").contains("probe:itest"));
        }
    }

    @Test
    void aHomeKeepsItsName() throws Exception {
        try (Ashlar ashlar = new Ashlar(folder)) {
            ashlar.up();
            ashlar.ok("down");
            ashlar.ok("up", "--detach");
            assertEquals("itest", ashlar.status().get("address").textValue());
        }
    }

    @Test
    void theHomeOfANewerVersionIsRefusedAndLeftAsItIs() throws Exception {
        try (Ashlar ashlar = new Ashlar(folder)) {
            ashlar.up();
            ashlar.ok("down");
            Files.writeString(ashlar.home().resolve("VERSION"), "99\n");
            Ashlar.Result result = ashlar.run("up", "--detach").refused(1);
            assertTrue(result.err().contains("layout 99") && result.err().contains("newer"), result.err());
            assertEquals("99\n", Files.readString(ashlar.home().resolve("VERSION")));
        }
    }

    @Test
    void aFullDiskIsToldAndWithRoomAgainTheNodeStarts() throws Exception {
        Path small = Files.createDirectory(folder.resolve("small"));
        assumeTrue("root".equals(System.getProperty("user.name"))
                && mount("mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs", small.toString()),
                "needs root, to mount a small disk");
        try (Ashlar ashlar = new Ashlar(folder, small.resolve("home"))) {
            Path filler = small.resolve("filler");
            fill(filler);
            ashlar.run("up", "--detach").refused(1);
            Files.delete(filler);
            assertTrue(mount("mount", "-o", "remount,size=64m", small.toString()));
            ashlar.up();
            assertTrue(ashlar.status().get("ready").booleanValue());
            ashlar.ok("down");
        } finally {
            mount("umount", "-l", small.toString());
        }
    }

    private static void fill(Path file) throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (true) {
                channel.write(ByteBuffer.allocate(4096));
            }
        } catch (java.io.IOException full) {
            assertTrue(String.valueOf(full.getMessage()).contains("No space"), full.toString());
        }
    }

    private static boolean mount(String... command) throws Exception {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    }

    @Test
    void sigtermStopsCleanlyAndTheHomeIsFree() throws Exception {
        try (Ashlar ashlar = new Ashlar(folder)) {
            ashlar.up();
            ProcessHandle node = ProcessHandle.of(ashlar.pid()).orElseThrow();
            node.destroy();
            node.onExit().get(25, TimeUnit.SECONDS);
            ashlar.run("status").refused(3);
            ashlar.up();
        }
    }

    @Test
    void aBundleMovedIntoTheDeployFolderRunsAndGoesWithItsFile() throws Exception {
        try (Ashlar ashlar = new Ashlar(folder)) {
            ashlar.up();
            Path jar = TestBundle.write(folder.resolve("greeting.jar"), "org.ashlar.itest.greeting");
            Path deployed = ashlar.home().resolve("deploy/greeting.jar");
            Files.move(jar, deployed);
            awaitBundle(ashlar, true);
            Files.delete(deployed);
            awaitBundle(ashlar, false);
        }
    }

    private static void awaitBundle(Ashlar ashlar, boolean there) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (ashlar.ok("bundles").lines().anyMatch(line -> line.contains("active") && line.contains("org.ashlar.itest.greeting"))
                != there) {
            assertTrue(System.nanoTime() < end, "the bundle is " + (there ? "there" : "gone") + " within 20 s");
        }
    }

    @Test
    void aFolderThatIsNoHomeIsLeftAlone() throws Exception {
        Path foreign = Files.createDirectory(folder.resolve("documents"));
        Files.writeString(foreign.resolve("thesis.txt"), "years of work");
        try (Ashlar ashlar = new Ashlar(folder, foreign)) {
            ashlar.run("up", "--detach").refused(1);
            assertFalse(Files.exists(foreign.resolve("store")));
        }
    }
}
