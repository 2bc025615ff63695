package org.ashlar.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Chunks that files want, brought into the order in which they lie in packs: so what lies together is read at once, and once, whatever files it
 * belongs to. Some thousands are gathered at a time; what is far apart among the files is read apart.
 * <p>
 * For one thread. What is read is opened and written by the workers.
 */
final class PackOrder {
    /** Most chunks that are gathered. */
    private static final int GATHERED = 8192;
    /** Most that is read at once, unless one chunk is larger. */
    private static final int SPAN = 2 << 20;
    /** What is not wanted and is read nevertheless, when it lies between: asking again would take longer. */
    private static final int GAP = 64 << 10;

    private final Repository repository;
    private final BlobIndex index;
    private final Workers workers;
    private List<Chunk> chunks = new ArrayList<>();

    /** @param at where it belongs in the file, in bytes */
    record Chunk(FileWrite file, long at, BlobIndex.Entry place) {
        PackedBlob blob() {
            return place.blob();
        }
    }

    PackOrder(Repository repository, BlobIndex index, Workers workers) {
        this.repository = repository;
        this.index = index;
        this.workers = workers;
    }

    void add(Chunk chunk) throws IOException {
        chunks.add(chunk);
        if (chunks.size() == GATHERED) {
            flush();
        }
    }

    /** Hands over what was gathered. */
    void flush() throws IOException {
        List<Chunk> sorted = chunks;
        chunks = new ArrayList<>();
        sorted.sort(Comparator.<Chunk>comparingInt(chunk -> chunk.place().packNumber()).thenComparingInt(chunk -> chunk.blob().offset()));
        int first = 0;
        for (int next = 1; next <= sorted.size(); next++) {
            if (next == sorted.size() || !isTogether(sorted.get(first), sorted.get(next - 1), sorted.get(next))) {
                List<Chunk> span = List.copyOf(sorted.subList(first, next));
                workers.submit(desk -> read(span, desk));
                first = next;
            }
        }
    }

    private static boolean isTogether(Chunk first, Chunk before, Chunk next) {
        return first.place().packNumber() == next.place().packNumber() && next.blob().offset() - before.blob().end() <= GAP
                && next.blob().end() - first.blob().offset() <= SPAN;
    }

    private void read(List<Chunk> span, Workers.Desk desk) {
        int start = span.getFirst().blob().offset();
        byte[] sealed = desk.sealed.atLeast(span.getLast().blob().end() - start);
        int length = fetch(span, sealed, start);
        Optional<PackedBlob> opened = Optional.empty();
        ByteBuffer plain = ByteBuffer.allocate(0);
        for (Chunk chunk : span) {
            if (!chunk.file().isLost()) {
                try {
                    if (opened.isEmpty() || !opened.get().equals(chunk.blob())) {
                        opened = Optional.empty();
                        plain = open(chunk, sealed, chunk.blob().offset() - start, length, desk);
                        opened = Optional.of(chunk.blob());
                    }
                    chunk.file().write(plain.duplicate(), chunk.at());
                } catch (IOException | RuntimeException e) {
                    chunk.file().lose(e);
                }
            }
            chunk.file().arrived();
        }
    }

    /** @return how much of it there is; none when it cannot be read here, and is looked for elsewhere chunk by chunk */
    private int fetch(List<Chunk> span, byte[] into, int start) {
        try {
            return repository.replicas.read(FileKind.PACK.path(span.getFirst().place().pack()), start,
                    ByteBuffer.wrap(into, 0, span.getLast().blob().end() - start));
        } catch (IOException | RuntimeException e) {
            return 0; // told for each chunk, if it is nowhere else
        }
    }

    private ByteBuffer open(Chunk chunk, byte[] sealed, int offset, int length, Workers.Desk desk) throws IOException {
        if (length - offset >= chunk.blob().length()) {
            try {
                return BlobReader.openInPlace(repository.key, chunk.blob(), sealed, offset, desk.plain);
            } catch (DamagedException e) {
                // it may be in order elsewhere
            }
        }
        return ByteBuffer.wrap(new BlobReader(repository, index).load(BlobType.DATA, chunk.blob().id()));
    }
}
