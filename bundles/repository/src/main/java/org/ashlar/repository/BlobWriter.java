package org.ashlar.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stores blobs that the repository does not have: compresses and seals them on the caller's thread, gathers them in packs, and
 * stores full packs on a thread of its own. A pack comes into the index when all targets have it, and into an index file at the
 * latest a minute later: what an interrupted run has stored is not stored again.
 * <p>
 * Bounded: one pack of each type is being filled and one more is on its way; who comes too early waits. Threads: any number.
 */
final class BlobWriter implements AutoCloseable {
    private static final Duration INDEX_AGE = Duration.ofSeconds(60);
    private static final int ON_THE_WAY = 1;

    private final Repository repository;
    private final BlobIndex index;
    private final Locks lock;
    private final Packer[] packers = {new Packer(), new Packer()};
    private final Set<Key> underWay = ConcurrentHashMap.newKeySet();
    private final Semaphore places = new Semaphore(ON_THE_WAY);
    private final ExecutorService uploads = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("repository packs").factory());
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicReference<byte[]> spare = new AtomicReference<>();
    private final AtomicLong stored = new AtomicLong();
    private IndexFile.Builder builder = new IndexFile.Builder();
    private long builderSince = System.nanoTime();

    private record Key(BlobType type, Id id) { }

    private final class Packer {
        Pack pack = new Pack();
    }

    /** @param lock confirmed when the first pack is stored */
    BlobWriter(Repository repository, BlobIndex index, Locks lock) {
        this.repository = repository;
        this.index = index;
        this.lock = lock;
    }

    /** Bytes that went into packs so far. */
    long stored() {
        return stored.get();
    }

    /**
     * Makes sure that the repository has a blob. It has it for good after {@link #flush}.
     *
     * @param scratch memory of the calling thread
     * @return whether it was new
     */
    boolean save(BlobType type, Id id, byte[] plain, int offset, int length, Scratch scratch) throws IOException {
        check();
        Key key = new Key(type, id);
        if (index.has(type, id) || !underWay.add(key)) {
            return false;
        }
        if (index.has(type, id)) { // it came in between the two questions
            underWay.remove(key);
            return false;
        }
        byte[] sealed = scratch.atLeast(Math.max(Zstandard.bound(length), length) + MasterKey.OVERHEAD);
        int size = Zstandard.compress(plain, offset, length, sealed, MasterKey.NONCE, Zstandard.FAST);
        int plainLength = length;
        if (size >= length || length == 0) {
            System.arraycopy(plain, offset, sealed, MasterKey.NONCE, length);
            size = length;
            plainLength = 0;
        }
        repository.key.sealInPlace(sealed, 0, size);
        add(type, id, sealed, size + MasterKey.OVERHEAD, plainLength);
        return true;
    }

    /** Adds a blob as it lies in another pack. */
    void copy(PackedBlob blob, byte[] sealed) throws IOException {
        check();
        add(blob.type(), blob.id(), sealed, blob.length(), blob.plain());
    }

    private void add(BlobType type, Id id, byte[] sealed, int size, int plain) throws IOException {
        Packer packer = packers[type.ordinal()];
        synchronized (packer) {
            packer.pack.add(type, id, sealed, 0, size, plain);
            if (packer.pack.isFull(repository.options.packSize())) {
                send(packer);
            }
        }
    }

    private void send(Packer packer) throws IOException {
        Pack full = packer.pack;
        try {
            while (!places.tryAcquire(1, TimeUnit.SECONDS)) {
                check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a pack waited to be stored", e);
        }
        byte[] memory = spare.getAndSet(null);
        packer.pack = memory == null ? new Pack() : new Pack(memory);
        uploads.execute(() -> {
            try {
                store(full);
            } catch (IOException | RuntimeException | Error e) {
                failure.compareAndSet(null, e);
            } finally {
                places.release();
            }
        });
    }

    private void store(Pack pack) throws IOException {
        if (failure.get() != null) {
            return;
        }
        lock.confirm();
        ByteBuffer file = pack.finish(repository.key);
        Id id = Id.of(file);
        long failed = repository.replicas.failedPuts();
        repository.replicas.put(FileKind.PACK.path(id), file);
        stored.addAndGet(file.remaining());
        index.add(id, pack.blobs());
        for (PackedBlob blob : pack.blobs()) {
            underWay.remove(new Key(blob.type(), blob.id()));
        }
        addToIndexFile(id, List.copyOf(pack.blobs()));
        if (repository.replicas.failedPuts() == failed) { // else a put that was given up may still read it
            spare.set(pack.memory());
        }
    }

    private synchronized void addToIndexFile(Id pack, List<PackedBlob> blobs) throws IOException {
        if (builder.isEmpty()) {
            builderSince = System.nanoTime();
        }
        builder.add(pack, blobs);
        if (builder.isFull() || System.nanoTime() - builderSince > INDEX_AGE.toNanos()) {
            writeIndex();
        }
    }

    private void writeIndex() throws IOException {
        if (!builder.isEmpty()) {
            repository.saveUnpacked(FileKind.INDEX, builder.json(List.of()));
            builder = new IndexFile.Builder();
        }
    }

    private void check() throws IOException {
        switch (failure.get()) {
            case null -> { }
            case IOException e -> throw new IOException(e.getMessage(), e);
            case RepositoryException e -> throw e;
            case Throwable e -> throw new IllegalStateException("a pack could not be stored", e);
        }
    }

    /** Stores what is left, and the index. Afterwards all that was saved is in the repository for good. */
    void flush() throws IOException {
        for (Packer packer : packers) {
            synchronized (packer) {
                if (!packer.pack.isEmpty()) {
                    send(packer);
                }
            }
        }
        try {
            places.acquire(ON_THE_WAY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the last packs were stored", e);
        }
        places.release(ON_THE_WAY);
        check();
        synchronized (this) {
            writeIndex();
        }
    }

    @Override
    public void close() {
        // Whoever waits for a place, or has a pack in the queue, is let go by the failure.
        failure.compareAndSet(null, new IOException("closed"));
        uploads.shutdown();
    }

    /** Memory that grows and is used again; belongs to one thread. */
    static final class Scratch {
        private byte[] bytes = new byte[1 << 16];

        byte[] atLeast(int size) {
            if (bytes.length < size) {
                bytes = new byte[Math.max(size, Math.min(2 * bytes.length, Chunker.MAX + (1 << 20)))];
            }
            return bytes;
        }
    }
}
