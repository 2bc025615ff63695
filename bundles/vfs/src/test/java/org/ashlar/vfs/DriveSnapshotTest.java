package org.ashlar.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
    void scratchDrivesAndLinksAreNobodysToKeep() throws Exception {
        Files.writeString(store.drive(CHAT, FileStore.SCRATCH_DRIVE).resolve("scratch"), "scratch");
        replace("pkg", "content").keep();
        Files.createSymbolicLink(store.drive(CHAT, "pkg").resolve("link"), home);
        store.prepare();
        store.cut(Barrier.NONE);
        assertEquals(Map.of("chat:alice.os/pkg/deep/file", "content"), contents(store.open()));
        store.release();
    }

    private static Map<String, String> contents(List<Entry> entries) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        for (Entry entry : entries) {
            try (InputStream in = entry.read()) {
                contents.put(entry.path(), new String(in.readAllBytes(), UTF_8));
            }
        }
        return contents;
    }
}
