package org.ashlar.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.store.FileStore;
import org.ashlar.api.store.FileStore.Replacement;
import org.ashlar.api.store.Snapshotable;
import org.ashlar.api.store.Snapshotable.Barrier;
import org.ashlar.api.store.Snapshotable.Entry;
import org.ashlar.tck.SnapshotableContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a cut shows of the drives, whatever becomes of them afterwards. */
class DriveSnapshotTest extends SnapshotableContract {
    private static final PackageId CHAT = PackageId.parse("chat:alice.os");

    @TempDir
    Path home;
    private DriveStore store;

    @BeforeEach
    void open() {
        store = new DriveStore(home, new Usage(1 << 30, 10_000));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    protected Snapshotable part() {
        return store;
    }

    @Override
    protected void write(int writer, long value) throws Exception {
        replace("writer-" + writer, Long.toString(value)).keep();
    }

    private Replacement replace(String drive, String content) throws IOException {
        Path fresh = store.staging().resolve("drive");
        Files.createDirectories(fresh.resolve("deep"));
        Files.writeString(fresh.resolve("deep/file"), content);
        return store.replace(CHAT, drive, fresh);
    }

    /** Each replaces whole drives, which takes the disk many changes. */
    @Override
    protected int writers() {
        return 8;
    }

    @Override
    protected long[] read(List<Entry> entries, int writers) throws Exception {
        Map<String, String> shown = contents(entries);
        long[] values = new long[writers];
        for (int i = 0; i < writers; i++) {
            values[i] = Long.parseLong(shown.getOrDefault("chat:alice.os/writer-" + i + "/deep/file", "0"));
        }
        return values;
    }

    @Test
    void whatIsReplacedBroughtBackOrRemovedAfterwardsIsStillShown() throws Exception {
        replace("kept", "kept 1").keep();
        replace("undone", "undone 1").keep();
        replace("removed", "removed 1").keep();
        Replacement under = replace("under-way", "under way");
        Map<String, String> expected = new HashMap<>();
        List.of("kept 1", "undone 1", "removed 1", "under way").forEach(text ->
                expected.put("chat:alice.os/" + text.replace(" 1", "").replace(' ', '-') + "/deep/file", text));
        store.prepare();
        store.cut(Barrier.NONE);
        List<Entry> opened = store.open();
        replace("kept", "kept 2").keep();
        replace("undone", "undone 2").undo();
        store.remove(CHAT, "removed");
        under.undo();
        replace("new", "new").keep();
        assertEquals(new TreeMap<>(expected), contents(opened));
        assertEquals(new TreeMap<>(expected), contents(store.open()));
        store.release();
        assertThrows(IllegalStateException.class, () -> opened.getFirst().read());
        try (Stream<Path> left = Files.list(home.resolve("vfs/.staging"))) {
            assertEquals(List.of(), left.filter(path -> Files.exists(path.resolve("old"))
                    || Files.exists(path.resolve("drive"))).toList(), "what was kept for the cut alone is deleted");
        }
    }

    @Test
    void scratchDrivesAreNobodysToKeep() throws Exception {
        Files.writeString(store.drive(CHAT, FileStore.SCRATCH_DRIVE).resolve("scratch"), "scratch");
        replace("pkg", "content").keep();
        store.prepare();
        store.cut(Barrier.NONE);
        assertEquals(Map.of("chat:alice.os/pkg/deep/file", "content"), contents(store.open()));
        store.release();
    }

    @Test
    void emptyFoldersAndLinksAreShownAndLinksNotFollowed() throws Exception {
        replace("pkg", "content").keep();
        Path drive = store.drive(CHAT, "pkg");
        Files.createDirectories(drive.resolve("empty/inside"));
        Files.createSymbolicLink(drive.resolve("link"), Path.of("deep/file"));
        Files.createSymbolicLink(drive.resolve("away"), home);
        store.drive(CHAT, "no-files");
        store.prepare();
        store.cut(Barrier.NONE);
        store.remove(CHAT, "no-files");
        assertEquals(List.of("FOLDER no-files ", "FOLDER pkg ", "LINK pkg/away " + home, "FOLDER pkg/deep ", "FILE pkg/deep/file ",
                "FOLDER pkg/empty ", "FOLDER pkg/empty/inside ", "LINK pkg/link deep/file"), store.open().stream()
                .sorted(java.util.Comparator.comparing(Entry::path))
                .map(entry -> entry.kind() + " " + entry.path().replace("chat:alice.os/", "") + " " + entry.target()).toList());
        store.release();
    }

    private Map<String, Snapshotable.Version> versions() throws IOException {
        store.prepare();
        store.cut(Barrier.NONE);
        Map<String, Snapshotable.Version> versions = new TreeMap<>();
        for (Entry entry : store.open()) {
            entry.version().ifPresent(version -> versions.put(entry.path(), version));
        }
        store.release();
        return versions;
    }

    /** Nobody sets the time of a change, so this waits until it is old enough to tell. */
    @Test
    void aFileHasAVersionOnlyWhenItsLastChangeIsOlderThanTheClockOfAFileSystemIsCoarse() throws Exception {
        replace("pkg", "content").keep();
        assertEquals(Map.of(), versions());
        Path file = store.drive(CHAT, "pkg").resolve("deep/file");
        Map<String, Snapshotable.Version> before = versions();
        while (before.isEmpty()) {
            Thread.sleep(100);
            before = versions();
        }
        assertEquals(before, versions());
        java.nio.file.attribute.FileTime modified = Files.getLastModifiedTime(file);
        Files.writeString(file, "CONTENT");
        Files.setLastModifiedTime(file, modified);
        assertEquals(Map.of(), versions());
        Map<String, Snapshotable.Version> after = versions();
        while (after.isEmpty()) {
            Thread.sleep(100);
            after = versions();
        }
        assertTrue(!before.equals(after), "the same size and time of modification, and yet another version");
    }

    private static Map<String, String> contents(List<Entry> entries) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        for (Entry entry : entries) {
            if (entry.kind() != Entry.Kind.FILE) {
                continue;
            }
            try (InputStream in = entry.read()) {
                contents.put(entry.path(), new String(in.readAllBytes(), UTF_8));
            }
        }
        return contents;
    }
}
