package org.ashlar.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ashlar.api.store.Snapshotable;
import org.ashlar.api.store.Snapshotable.Entry;
import org.ashlar.api.store.Snapshotable.Version;
import org.ashlar.repository.Options;
import org.ashlar.repository.Replicas;
import org.ashlar.repository.Repository;
import org.ashlar.repository.Restore;
import org.junit.jupiter.api.Test;

/** A run reads what has changed, and nothing else; folders without files and links come back. */
class UnchangedTest extends BackedUpNode {
    private static final Instant LONG_AGO = Instant.parse("2020-01-02T03:04:05.678901234Z");

    private final Map<String, Item> items = new TreeMap<>();
    private final List<String> read = new ArrayList<>();

    private void put(String path, String content, long inode) {
        items.put(path, new Item(path, Entry.Kind.FILE, content, Optional.of(new Version(LONG_AGO, inode))));
    }

    private void put(String path, Entry.Kind kind, String content) {
        items.put(path, new Item(path, kind, content, Optional.empty()));
    }

    /** Backs up. @return what was read */
    private List<String> now() throws Exception {
        read.clear();
        done(submit("Now", "{}"));
        return read.stream().sorted().toList();
    }

    private Path back() throws Exception {
        Path to = temporary.resolve("back");
        try (Replicas alone = Replicas.of(first);
                Repository repository = Repository.open(alone, "password".toCharArray(), Options.here(temporary))) {
            assertEquals(0, new Restore(repository, repository.snapshots().getLast().snapshot()).to(to).failed());
        }
        return to.resolve("ashlar/drives");
    }

    @Test
    void theSecondRunReadsWhatChangedAlone() throws Exception {
        engine.targets().attach("first", "", first);
        create();
        parts.add(new Drives());
        put("a/same", "same", 1);
        put("a/changed", "changed", 2);
        put("a/replaced", "replaced", 3);
        put("a/unknown", Entry.Kind.FILE, "unknown");
        put("empty/inside", Entry.Kind.FOLDER, "");
        put("a/link", Entry.Kind.LINK, "../empty");
        assertEquals(List.of("a/changed", "a/replaced", "a/same", "a/unknown"), now());
        assertEquals(List.of("a/unknown"), now());
        put("a/changed", "has changed", 2);
        put("a/replaced", "REPLACED", 4);
        put("b/new", "new", 5);
        put("b/same", "same", 6);
        assertEquals(List.of("a/changed", "a/replaced", "a/unknown", "b/new", "b/same"), now());
        Path back = back();
        for (Item item : items.values()) {
            Path path = back.resolve(item.path());
            switch (item.kind()) {
                case FILE -> assertEquals(item.content(), Files.readString(path));
                case FOLDER -> assertTrue(Files.isDirectory(path), path::toString);
                case LINK -> assertEquals(item.content(), Files.readSymbolicLink(path).toString());
            }
        }
        assertEquals(LONG_AGO, Files.getLastModifiedTime(back.resolve("a/same")).toInstant());
    }

    @Test
    void whatIsUnchangedAndLostFromTheTargetIsReadAgain() throws Exception {
        engine.targets().attach("first", "", first);
        create();
        parts.add(new Drives());
        put("same", "same", 1);
        now();
        first.place().keySet().removeIf(name -> name.startsWith("data/") || name.startsWith("index/"));
        assertEquals(List.of("same"), now());
        assertEquals("same", Files.readString(back().resolve("same")));
    }

    /** Holds what the test says. */
    private final class Drives implements Snapshotable {
        @Override
        public String name() {
            return "drives";
        }

        @Override
        public void prepare() { }

        @Override
        public void cut(Barrier barrier) throws IOException {
            barrier.await();
        }

        @Override
        public List<Entry> open() {
            return items.values().stream().<Entry>map(Shown::new).toList();
        }

        @Override
        public void release() { }
    }

    private record Item(String path, Entry.Kind kind, String content, Optional<Version> version) { }

    /** Notes that it is read. */
    private final class Shown implements Entry {
        private final Item item;

        Shown(Item item) {
            this.item = item;
        }

        @Override
        public Kind kind() {
            return item.kind();
        }

        @Override
        public String path() {
            return item.path();
        }

        @Override
        public long size() {
            return item.content().length();
        }

        @Override
        public InputStream read() {
            synchronized (read) {
                read.add(item.path());
            }
            return new ByteArrayInputStream(item.content().getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String target() {
            return item.kind() == Kind.LINK ? item.content() : "";
        }

        @Override
        public Optional<Instant> modified() {
            return Optional.of(LONG_AGO);
        }

        @Override
        public Optional<Version> version() {
            return item.version();
        }
    }
}
