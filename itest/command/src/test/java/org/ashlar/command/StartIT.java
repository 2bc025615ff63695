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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting and stopping: what may be in the way, and what a person is told. */
class StartIT {
    /** The home of those tests that need a node, or need that one ran before. */
    @TempDir
    static Path shared;
    private static Ashlar ashlar;

    @TempDir
    Path folder;

    @BeforeAll
    static void theFirstStartCreatesTheHomeAndTellsHowToGoOn() throws Exception {
        ashlar = new Ashlar(shared);
        String told = ashlar.up();
        for (String expected : List.of("itest is up", ashlar.home().toString(), "ashlar m ", "ashlar down",
                "Nothing is backed up yet")) {
            assertTrue(told.contains(expected), told);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        ashlar.close();
    }

    /** Makes the node run, which an earlier test may have stopped. */
    private static void running() throws Exception {
        if (ashlar.run("status").status() != 0) {
            ashlar.up();
        }
    }

    @Test
    void aNewHomeIsItsOwnersAlone() throws Exception {
        running();
        assertFalse(ashlar.status().get("key_encrypted").booleanValue());
        assertTrue(ashlar.ok("status").contains("not encrypted"));
        assertEquals("1\n", Files.readString(ashlar.home().resolve("VERSION")));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(ashlar.home())));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(ashlar.socket())));
    }

    @Test
    void aSecondUpOnTheSameHomeIsRefusedWithTheProcessOfTheFirst() throws Exception {
        running();
        long pid = ashlar.pid();
        Ashlar.Result second = ashlar.run("up", "--detach").refused(1);
        assertTrue(second.err().contains("process " + pid), second.err());
        assertEquals(pid, ashlar.pid(), "the first one is left alone");
    }

    @Test
    void ofTwoStartsAtOnceExactlyOneRuns() throws Exception {
        try (Ashlar other = new Ashlar(folder)) {
            Process one = other.start("up", "--detach").redirectErrorStream(true).start();
            Process another = other.start("up", "--detach").redirectErrorStream(true).start();
            assertTrue(one.waitFor(Ashlar.PATIENCE_SECONDS, TimeUnit.SECONDS)
                    && another.waitFor(Ashlar.PATIENCE_SECONDS, TimeUnit.SECONDS));
            List<Integer> ends = List.of(one.exitValue(), another.exitValue());
            assertEquals(1, ends.stream().filter(status -> status == 0).count(), ends.toString());
            Process refused = one.exitValue() == 0 ? another : one;
            String told = new String(refused.getInputStream().readAllBytes());
            assertTrue(told.contains("process " + other.pid()), told);
        }
    }

    @Test
    void aRestartKeepsNamePackagesAndState() throws Exception {
        running();
        ashlar.startProbes(List.of("one"));
        assertEquals("kept", ashlar.ok("m", "our@one:probe:itest", "!set-state value=treasure;respond body=kept", "-a", "9"));
        ashlar.ok("down");
        ashlar.ok("up", "--detach");
        assertEquals("itest", ashlar.status().get("address").textValue());
        String journal = ashlar.ok("m", "our@one:probe:itest", "!get-state;report", "-a", "9");
        assertTrue(journal.contains("state value=treasure"), journal);
        assertTrue(ashlar.ok("packages").contains("probe:itest"));
    }

    @Test
    void theHomeOfANewerVersionIsRefusedAndLeftAsItIs() throws Exception {
        ashlar.close();
        Path version = ashlar.home().resolve("VERSION");
        String ours = Files.readString(version);
        Files.writeString(version, "99\n");
        try {
            Ashlar.Result result = ashlar.run("up", "--detach").refused(1);
            assertTrue(result.err().contains("layout 99") && result.err().contains("newer"), result.err());
            assertEquals("99\n", Files.readString(version));
        } finally {
            Files.writeString(version, ours);
        }
    }

    @Test
    void aFullDiskIsToldAndWithRoomAgainTheNodeStarts() throws Exception {
        Path small = Files.createDirectory(folder.resolve("small"));
        assumeTrue("root".equals(System.getProperty("user.name"))
                && mount("mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs", small.toString()),
                "needs root, to mount a small disk");
        try (Ashlar other = new Ashlar(folder, small.resolve("home"))) {
            Path filler = small.resolve("filler");
            fill(filler);
            other.run("up", "--detach").refused(1);
            Files.delete(filler);
            assertTrue(mount("mount", "-o", "remount,size=64m", small.toString()));
            other.up();
            assertTrue(other.status().get("ready").booleanValue());
            other.ok("down");
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
        running();
        ProcessHandle.of(ashlar.pid()).orElseThrow().destroy();
        ashlar.awaitFree();
        ashlar.run("status").refused(3);
        String log = Files.readString(ashlar.home().resolve("log/ashlar.log"));
        assertTrue(log.contains("Made the key"), log);
        assertFalse(log.contains("shutdown hook"), log);
        ashlar.up();
    }

    @Test
    void aBundleMovedIntoTheDeployFolderRunsAndGoesWithItsFile() throws Exception {
        running();
        Path jar = TestBundle.write(folder.resolve("greeting.jar"), "org.ashlar.itest.greeting");
        Path deployed = ashlar.home().resolve("deploy/greeting.jar");
        Files.move(jar, deployed);
        awaitBundle(true);
        Files.delete(deployed);
        awaitBundle(false);
    }

    @Test
    void whatLiesInTheDeployFolderKeepsNoNodeFromStarting() throws Exception {
        running();
        ashlar.ok("down");
        Path timer = TestBundle.variant(TestBundle.ofNode("timer"), folder.resolve("timer.jar"),
                manifest -> manifest.putValue("Bundle-Version", "99.0.0"));
        Path state = TestBundle.variant(TestBundle.ofNode("state"), folder.resolve("state.jar"), manifest -> {
            manifest.putValue("Bundle-Version", "99.0.0");
            manifest.putValue("Import-Package", manifest.getValue("Import-Package") + ",com.example.missing");
        });
        for (Path each : List.of(timer, state)) {
            Files.move(each, ashlar.home().resolve("deploy").resolve(each.getFileName()));
        }
        ashlar.ok("up", "--detach");
        Ashlar.await("the deployed timer is in use, and the node's own state", () -> {
            List<String> active = ashlar.ok("bundles").lines().filter(line -> line.contains("active")).toList();
            return active.stream().anyMatch(line -> line.contains("99.0.0") && line.endsWith("org.ashlar.timer"))
                    && active.stream().anyMatch(line -> !line.contains("99.0.0") && line.endsWith("org.ashlar.state"));
        });
        assertEquals("", ashlar.ok("m", "our@timer:distro:sys", "{\"SetTimer\":1}", "-a", "30"));
        for (Path each : List.of(timer, state)) {
            Files.delete(ashlar.home().resolve("deploy").resolve(each.getFileName()));
        }
    }

    private static void awaitBundle(boolean there) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (ashlar.ok("bundles").lines().anyMatch(line -> line.contains("active") && line.contains("org.ashlar.itest.greeting"))
                != there) {
            assertTrue(System.nanoTime() < end, "the bundle is " + (there ? "there" : "gone") + " within 60 s");
        }
    }

    @Test
    void aFolderThatIsNoHomeIsLeftAlone() throws Exception {
        Path foreign = Files.createDirectory(folder.resolve("documents"));
        Files.writeString(foreign.resolve("thesis.txt"), "years of work");
        try (Ashlar other = new Ashlar(folder, foreign)) {
            other.run("up", "--detach").refused(1);
            assertFalse(Files.exists(foreign.resolve("store")));
        }
    }
}
