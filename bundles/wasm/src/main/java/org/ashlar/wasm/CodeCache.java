package org.ashlar.wasm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiled code in a folder, one file a module, the least recently used ones deleted when they are too many bytes.
 * It is only a cache: whatever goes wrong with a file is logged and costs a compilation.
 */
public final class CodeCache {
    private static final Logger LOG = LoggerFactory.getLogger(CodeCache.class);
    private static final String SUFFIX = ".code";
    private static final String UNFINISHED = ".part";

    private final Path folder;
    private final long limit;
    private final Clock clock;

    /** @param limit in bytes, of all files together */
    public CodeCache(Path folder, long limit, Clock clock) {
        this.folder = folder;
        this.limit = limit;
        this.clock = clock;
    }

    /** What was kept under this key, if it is whole. */
    public Optional<CompiledCode> get(String key) {
        Path file = file(key);
        try {
            CompiledCode code = CodeFile.read(key, Files.readAllBytes(file));
            Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
            return Optional.of(code);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | OutOfMemoryError e) {
            LOG.warn("{} cannot be used ({}); the module is compiled again", file, e.getMessage());
            return Optional.empty();
        }
    }

    /** Keeps code; a reader sees it whole or not at all. */
    public void put(String key, CompiledCode code) {
        try {
            byte[] content = CodeFile.write(key, code);
            if (content.length > limit) {
                return;
            }
            Files.createDirectories(folder);
            Path part = Files.createTempFile(folder, "", UNFINISHED);
            try {
                Files.write(part, content);
                Files.setLastModifiedTime(part, FileTime.from(clock.instant()));
                Files.move(part, file(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
            trim();
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("compiled code cannot be kept in {} ({}); it is compiled anew next time", folder, e.getMessage());
        }
    }

    private synchronized void trim() throws IOException {
        List<Entry> entries;
        try (Stream<Path> files = Files.list(folder)) {
            entries = files.filter(file -> file.toString().endsWith(SUFFIX) || file.toString().endsWith(UNFINISHED))
                    .map(Entry::of).flatMap(Optional::stream)
                    .sorted(Comparator.comparing(Entry::used).reversed())
                    .toList();
        }
        long kept = 0;
        for (Entry entry : entries) {
            kept += entry.size();
            if (kept > limit) {
                Files.deleteIfExists(entry.file());
            }
        }
    }

    private Path file(String key) {
        return folder.resolve(HexFormat.of().formatHex(Digests.sha256(key.getBytes(StandardCharsets.UTF_8))) + SUFFIX);
    }

    private record Entry(Path file, long size, FileTime used) {
        static Optional<Entry> of(Path file) {
            try {
                return Optional.of(new Entry(file, Files.size(file), Files.getLastModifiedTime(file)));
            } catch (IOException e) {
                return Optional.empty(); // another node with the same folder deleted it
            }
        }
    }
}
