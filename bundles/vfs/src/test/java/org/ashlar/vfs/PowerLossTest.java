package org.ashlar.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.ashlar.vfs.VfsRig.DRIVE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.store.FileStore;
import org.ashlar.codec.VfsAction;
import org.ashlar.codec.VfsResponse;
import org.ashlar.files.Durable;
import org.ashlar.tck.disk.LosingDisk;
import org.ashlar.tck.disk.LosingDisk.Crash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power fails before each change that processes and packages have made on the disk, and what was not synced is lost: what was answered
 * for is there at the next start, nothing is there by half, and the drive is measured right. At every change with
 * {@code -Dashlar.all=true}, else at some.
 */
class PowerLossTest {
    private static final int STEP = Boolean.getBoolean("ashlar.all") ? 1 : 7;
    private static final PackageId CHAT = PackageId.parse("chat:alice.os");

    @TempDir
    Path temporary;
    private LosingDisk disk;
    private VfsRig vfs;
    /** What must be found after all moments from a number on; the last of each file counts. */
    private final List<Promise> promises = new ArrayList<>();
    /** From which moment on each version of the package must be there, or a later one. */
    private final List<Integer> packaged = new ArrayList<>();
    /** From which moment on a file has one of two names. */
    private int renaming;

    /** @param allowed the contents that a file may have; empty for none at all */
    private record Promise(int from, String file, Set<Optional<String>> allowed) { }

    private void ask(String file, VfsAction action, String... blob) throws IOException {
        VfsResponse answer = blob.length == 0 ? vfs.ask(DRIVE + '/' + file, action) : vfs.ask(DRIVE + '/' + file, action, blob[0]);
        assertEquals(new VfsResponse.Done(), answer);
    }

    @SafeVarargs
    private void mayBe(String file, Optional<String>... contents) {
        promises.add(new Promise(disk.count(), file, Set.of(contents)));
    }

    private void synced(String file, String content) throws IOException {
        ask(file, new VfsAction.SyncAll());
        mayBe(file, Optional.of(content));
    }

    private static byte[] zip(String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(name.getBytes(UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    private void work() throws Exception {
        ask("new", new VfsAction.CreateFile());
        ask("new", new VfsAction.WriteAll(), "first");
        synced("new", "first");
        mayBe("new", Optional.of("first"), Optional.of("second"));
        ask("new", new VfsAction.Write(), "second");
        synced("new", "second");
        ask("new", new VfsAction.OpenFile(false));
        mayBe("new", Optional.of("second"), Optional.of("third!"));
        ask("new", new VfsAction.WriteAll(), "third!");
        synced("new", "third!");
        mayBe("new", Optional.of("third!"), Optional.of("fourth"));
        ask("new", new VfsAction.Write(), "fourth");
        synced("new", "fourth");
        ask("deep/er", new VfsAction.CreateDirAll());
        ask("deep/er/file", new VfsAction.Write(), "below");
        synced("deep/er/file", "below");
        renaming = disk.count();
        mayBe("deep/er/file", Optional.of("below"), Optional.empty());
        mayBe("moved", Optional.of("below"), Optional.empty());
        ask("deep/er/file", new VfsAction.Rename(DRIVE + "/moved"));
        synced("moved", "below");
        mayBe("deep/er/file", Optional.empty());
        mayBe("copy", Optional.of("below"), Optional.empty());
        ask("moved", new VfsAction.CopyFile(DRIVE + "/copy"));
        ask("zip", new VfsAction.CreateDir());
        VfsResponse unpacked = vfs.ask(VfsRig.OWN, DRIVE + "/zip", new VfsAction.AddZip(), Optional.of(zip("a", "b/c"))).body();
        assertEquals(new VfsResponse.Done(), unpacked);
        synced("zip/b/c", "b/c");
        mayBe("new", Optional.of("fourth"), Optional.empty());
        ask("new", new VfsAction.RemoveFile());
        ask("", new VfsAction.SyncAll());
        mayBe("new", Optional.empty());
        mayBe("zip/b/c", Optional.of("b/c"), Optional.empty());
        ask("zip", new VfsAction.RemoveDirAll());
        ask("", new VfsAction.SyncAll());
        mayBe("zip/b/c", Optional.empty());
        mayBe("moved", Optional.of("below"));
    }

    /** A package is installed, and replaced: its drive is one version or the other. */
    private void packages() throws IOException {
        for (String version : List.of("1", "2")) {
            Path content = vfs.store().staging();
            for (String file : List.of("one", "two")) {
                Files.writeString(content.resolve(file), version);
            }
            vfs.store().replace(CHAT, FileStore.PACKAGE_DRIVE, content).keep();
            packaged.add(disk.count());
        }
    }

    @Test
    void whatWasAnsweredForOutlivesALossOfPowerAtAnyChange() throws Exception {
        disk = new LosingDisk(Files.createDirectory(temporary.resolve("disk")));
        vfs = new VfsRig(disk.folder());
        work();
        packages();
        List<Crash> crashes = disk.crashes();
        disk.stop();
        vfs.close();
        assertTrue(crashes.size() > 100, crashes.size() + " changes were seen");
        for (int i = STEP / 2; i < crashes.size(); i += STEP) {
            check(i, crashes.get(i)::leave, "sure-" + i);
            check(i, crashes.get(i)::leaveNames, "named-" + i);
        }
        check(crashes.size() - 1, crashes.getLast()::leave, "end");
    }

    /** Makes what a loss of power leaves. */
    private interface Left {
        void at(Path home) throws IOException;
    }

    private void check(int moment, Left left, String name) throws Exception {
        Path home = temporary.resolve(name);
        left.at(home);
        String when = "after " + moment + " changes, in " + name;
        try (VfsRig next = new VfsRig(home)) {
            for (Promise promise : lastOfEach(moment).values()) {
                Path file = next.host(DRIVE + '/' + promise.file());
                Optional<String> found = Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
                // Until it is synced, a file that was replaced may be there without its content.
                boolean emptied = promise.allowed().size() > 1 && found.equals(Optional.of(""));
                assertTrue(emptied || promise.allowed().contains(found), promise.file() + " is " + found + ' ' + when);
            }
            assertRecovered(next, when);
            long names = Stream.of("deep/er/file", "moved").filter(each -> Files.exists(next.host(DRIVE + '/' + each))).count();
            assertTrue(moment < renaming || names == 1, "a file that is renamed has " + names + " names " + when);
            long version = packaged.stream().filter(from -> from <= moment).count();
            Path file = next.host("/chat:alice.os/pkg/one");
            assertTrue(version == 0 || Integer.parseInt(Files.readString(file)) >= version, "version " + version + " is gone " + when);
        }
        Durable.deleteTree(home);
    }

    private Map<String, Promise> lastOfEach(int moment) {
        Map<String, Promise> last = new TreeMap<>();
        promises.stream().filter(promise -> promise.from() <= moment).forEach(promise -> last.put(promise.file(), promise));
        return last;
    }

    /** Nothing is left of what was under way, the package is whole, and the quota counts what is there. */
    private void assertRecovered(VfsRig next, String when) throws IOException {
        for (String folder : List.of(".staging", ".undo")) {
            try (Stream<Path> left = Files.list(next.host('/' + folder))) {
                assertEquals(List.of(), left.toList(), when);
            }
        }
        Path drive = next.host("/chat:alice.os/pkg");
        if (Files.exists(drive)) {
            assertEquals(Files.readString(drive.resolve("one")), Files.readString(drive.resolve("two")), when);
        }
        Usage there = Usage.measure(next.host(DRIVE));
        VfsResponse.DriveUsage counted = (VfsResponse.DriveUsage) next.ask(DRIVE, new VfsAction.DriveUsage());
        assertEquals(there, new Usage(counted.bytes(), counted.entries()), when);
        assertEquals(new VfsResponse.Done(), next.ask(DRIVE + "/after", new VfsAction.Write(), "1234567"), when);
        counted = (VfsResponse.DriveUsage) next.ask(DRIVE, new VfsAction.DriveUsage());
        assertEquals(there.plus(new Usage(7, 1)), new Usage(counted.bytes(), counted.entries()), when);
    }
}
