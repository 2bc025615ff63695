package org.ashlar.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.ashlar.vfs.VfsRig.DRIVE;
import static org.ashlar.vfs.VfsRig.OWN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.ashlar.api.store.Snapshotable.Barrier;
import org.ashlar.api.store.Snapshotable.Entry;
import org.ashlar.codec.VfsAction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A snapshot shows every file as it was at the cut, whatever is done to single files afterwards. */
class KeepingTest {
    private static final String SECOND = "/chat:alice.os/second";

    @TempDir
    Path home;
    private VfsRig vfs;

    @BeforeEach
    void open() throws Exception {
        vfs = new VfsRig(home);
        vfs.ask(SECOND, new VfsAction.CreateDirAll());
    }

    @AfterEach
    void close() {
        vfs.close();
    }

    private void cut() throws IOException {
        vfs.store().prepare();
        vfs.store().cut(Barrier.NONE);
    }

    private static Map<String, String> contents(List<Entry> entries) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        for (Entry entry : entries) {
            if (entry.kind() == Entry.Kind.FOLDER) {
                contents.put('/' + entry.path(), "a folder");
                continue;
            }
            try (InputStream in = entry.read()) {
                contents.put('/' + entry.path(), new String(in.readAllBytes(), UTF_8));
            }
        }
        return contents;
    }

    private static Entry file(List<Entry> entries) {
        return entries.stream().filter(entry -> entry.kind() == Entry.Kind.FILE).findFirst().orElseThrow();
    }

    private Map<String, String> shown() throws IOException {
        return contents(vfs.store().open());
    }

    /** What is on disk now. */
    private Map<String, String> present() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (var files = Files.walk(vfs.host("/chat:alice.os"))) {
            Path owner = vfs.host("/chat:alice.os");
            for (Path file : files.filter(path -> !path.equals(owner)).toList()) {
                contents.put("/chat:alice.os/" + owner.relativize(file), Files.isDirectory(file) ? "a folder" : Files.readString(file));
            }
        }
        return contents;
    }

    private void write(String path, String content) {
        vfs.ask(path, new VfsAction.Write(), content);
    }

    @Test
    void everyWayToChangeAFileLeavesItsFormerContentToTheSnapshot() throws Exception {
        for (String name : List.of("replaced", "written", "appended", "cut", "emptied", "removed", "renamed", "over", "copied-over",
                "zipped", "untouched", "left", "folder/a", "folder/b", "gone/c")) {
            vfs.ask(DRIVE + "/" + name, new VfsAction.CreateDirAll());
            vfs.ask(DRIVE + "/" + name, new VfsAction.RemoveDir());
            write(DRIVE + "/" + name, "old " + name);
        }
        vfs.ask(DRIVE + "/written", new VfsAction.OpenFile(false));
        vfs.ask(DRIVE + "/empty", new VfsAction.CreateDir());
        vfs.ask(DRIVE + "/replaced-folder", new VfsAction.CreateDir());
        Map<String, String> expected = present();
        cut();
        write(DRIVE + "/replaced", "new");
        vfs.ask(DRIVE + "/written", new VfsAction.WriteAll(), "new");
        vfs.ask(DRIVE + "/appended", new VfsAction.Append(), "new");
        vfs.ask(DRIVE + "/cut", new VfsAction.SetLen(1));
        vfs.ask(DRIVE + "/emptied", new VfsAction.CreateFile());
        vfs.ask(DRIVE + "/removed", new VfsAction.RemoveFile());
        vfs.ask(DRIVE + "/renamed", new VfsAction.Rename(DRIVE + "/over"));
        vfs.ask(DRIVE + "/over", new VfsAction.Append(), "changed under its new name");
        write(DRIVE + "/renamed", "another of the old name");
        vfs.ask(DRIVE + "/untouched", new VfsAction.CopyFile(DRIVE + "/copied-over"));
        vfs.ask(DRIVE + "/left", new VfsAction.Rename(SECOND + "/arrived"));
        vfs.ask(SECOND + "/arrived", new VfsAction.Append(), "changed in another drive");
        vfs.ask(OWN, DRIVE, new VfsAction.AddZip(), Optional.of(zip("zipped", "new")));
        vfs.ask(DRIVE + "/folder", new VfsAction.Rename(DRIVE + "/moved"));
        write(DRIVE + "/moved/a", "new");
        vfs.ask(DRIVE + "/folder", new VfsAction.CreateDir());
        write(DRIVE + "/folder/a", "not there at the cut");
        vfs.ask(DRIVE + "/gone", new VfsAction.RemoveDirAll());
        vfs.ask(DRIVE + "/empty", new VfsAction.RemoveDir());
        vfs.ask(DRIVE + "/another", new VfsAction.CreateDir());
        vfs.ask(DRIVE + "/another", new VfsAction.Rename(DRIVE + "/replaced-folder"));
        vfs.ask(DRIVE + "/new/deep", new VfsAction.CreateDirAll());
        write(DRIVE + "/new/deep/file", "new");
        assertEquals(expected, shown());
        assertEquals(expected, shown());
        vfs.ask(DRIVE, new VfsAction.RemoveDirAll());
        assertEquals(expected, shown());
        vfs.store().release();
        assertNothingKept();
    }

    private void assertNothingKept() throws IOException {
        try (var left = Files.list(vfs.host("/.staging"))) {
            assertEquals(List.of(), left.toList());
        }
    }

    private static byte[] zip(String name, String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void aFileThatChangesWhileItIsReadIsReadAsItWas() throws Exception {
        String large = "x".repeat(3 * Chunks.SIZE);
        write(DRIVE + "/file", large);
        cut();
        try (InputStream in = file(vfs.store().open()).read()) {
            assertEquals("xxx", new String(in.readNBytes(3), UTF_8));
            vfs.ask(DRIVE + "/file", new VfsAction.OpenFile(false));
            vfs.ask(DRIVE + "/file", new VfsAction.WriteAll(), "y".repeat(3 * Chunks.SIZE));
            vfs.ask(DRIVE + "/file", new VfsAction.RemoveFile());
            assertEquals(large.substring(3), new String(in.readAllBytes(), UTF_8));
        }
    }

    @Test
    void aLinkThatIsPutInTheWayOfASnapshotIsNotFollowed() throws Exception {
        vfs.ask(DRIVE + "/folder", new VfsAction.CreateDir());
        write(DRIVE + "/folder/file", "inside");
        cut();
        Entry entry = file(vfs.store().open());
        Path outside = Files.createDirectory(home.resolve("outside"));
        Files.writeString(outside.resolve("file"), "nobody's business");
        Files.move(vfs.host(DRIVE + "/folder"), home.resolve("away"));
        Files.createSymbolicLink(vfs.host(DRIVE + "/folder"), outside);
        assertThrows(IOException.class, entry::read);
    }

    /** Hundreds of changes at random, the snapshot looked at in between. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverIsDoneTheSnapshotStays(long seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < 60; i++) {
            change(random);
        }
        Map<String, String> expected = present();
        cut();
        List<Entry> early = vfs.store().open();
        for (int i = 0; i < 200; i++) {
            change(random);
            if (i % 40 == 0) {
                assertEquals(expected, shown(), "after change " + i);
            }
        }
        assertEquals(expected, contents(early));
        assertEquals(expected, shown());
        vfs.store().release();
        assertNothingKept();
    }

    private void change(Random random) {
        String path = path(random);
        String text = Integer.toString(random.nextInt());
        switch (random.nextInt(10)) {
            case 0, 1 -> write(path, text);
            case 2 -> vfs.ask(path, new VfsAction.Append(), text);
            case 3 -> vfs.ask(path, new VfsAction.CreateFile());
            case 4 -> vfs.ask(path, new VfsAction.RemoveFile());
            case 5, 6 -> vfs.ask(path, new VfsAction.Rename(path(random)));
            case 7 -> vfs.ask(path, new VfsAction.CopyFile(path(random)));
            case 8 -> vfs.ask(path, new VfsAction.CreateDirAll());
            default -> vfs.ask(path, switch (random.nextInt(4)) {
                case 0 -> new VfsAction.RemoveDirAll();
                case 1 -> new VfsAction.RemoveDir();
                default -> new VfsAction.SetLen(2);
            });
        }
    }

    private static String path(Random random) {
        List<String> names = new ArrayList<>(List.of(random.nextInt(4) == 0 ? SECOND : DRIVE));
        for (int i = random.nextInt(3); i >= 0; i--) {
            names.add(String.valueOf((char) ('a' + random.nextInt(3))));
        }
        return String.join("/", names);
    }
}
