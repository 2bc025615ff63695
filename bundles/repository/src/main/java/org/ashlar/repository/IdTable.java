package org.ashlar.repository;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Records of one size that begin with an {@link Id}, found by it. The records lie in a scratch file; in memory is a hash table
 * of eight bytes a place: 32 bits of the id and the record's number. At a load of 0.68 to 0.85 that makes 9.4 to 11.8 bytes a record, so
 * that ten million blobs take less than 120 MB, and a look-up of something that is not there reads nothing.
 * <p>
 * The table is cut into 256 parts by the first byte of the id; each grows by itself, by a quarter, so that growing never needs much
 * more than what is there. Ids are digests and need no further hashing.
 * <p>
 * Threads: any number. Errors of the scratch file are {@link UncheckedIOException}s.
 */
final class IdTable implements AutoCloseable {
    private static final int PARTS = 256;
    private static final int TAIL = 64 << 10;

    private final int recordBytes;
    private final FileChannel file;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final long[][] slots = new long[PARTS][16];
    private final int[] used = new int[PARTS];
    /** The last records, not in the file yet. */
    private final byte[] tail;
    private int count;
    private int written;

    IdTable(Path scratch, int recordBytes) throws IOException {
        this.recordBytes = recordBytes;
        this.tail = new byte[TAIL / recordBytes * recordBytes];
        this.file = FileChannel.open(scratch.resolve("index-" + UUID.randomUUID()), Set.of(CREATE_NEW, READ, WRITE, DELETE_ON_CLOSE));
    }

    int size() {
        lock.readLock().lock();
        try {
            return count;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Adds a record, whether or not there is one of that id. @return its number, from 0 */
    int add(byte[] record) {
        lock.writeLock().lock();
        try {
            if (count == Integer.MAX_VALUE - 1) {
                throw new RepositoryException("more than two thousand million blobs; that is more than is kept track of");
            }
            if ((count - written) * recordBytes == tail.length) {
                flush();
            }
            System.arraycopy(record, 0, tail, (count - written) * recordBytes, recordBytes);
            Id id = Id.read(record, 0);
            int part = part(id);
            if ((used[part] + 1) * 20L > slots[part].length * 17L) {
                grow(part);
            }
            insert(slots[part], (long) (count + 1) << 32 | print(id) & 0xffff_ffffL);
            used[part]++;
            return count++;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void flush() {
        ByteBuffer bytes = ByteBuffer.wrap(tail);
        try {
            long at = (long) written * recordBytes;
            while (bytes.hasRemaining()) {
                file.write(bytes, at + bytes.position());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The index cannot be kept in the scratch folder: " + e.getMessage(), e);
        }
        written = count;
    }

    private static int part(Id id) {
        return (int) (id.a() >>> 56);
    }

    private static int print(Id id) {
        return (int) (id.a() >>> 24);
    }

    private static int home(long slot, int places) {
        return (int) ((slot & 0xffff_ffffL) * places >>> 32);
    }

    private static void insert(long[] places, long slot) {
        int at = home(slot, places.length);
        while (places[at] != 0) {
            at = at + 1 == places.length ? 0 : at + 1;
        }
        places[at] = slot;
    }

    private void grow(int part) {
        long[] old = slots[part];
        long[] larger = new long[old.length + Math.max(old.length / 4, 16)];
        for (long slot : old) {
            if (slot != 0) {
                insert(larger, slot);
            }
        }
        slots[part] = larger;
    }

    /** Copies the record of that number. */
    void read(int number, byte[] into) {
        lock.readLock().lock();
        try {
            fetch(number, into);
        } finally {
            lock.readLock().unlock();
        }
    }

    private void fetch(int number, byte[] into) {
        if (number >= written) {
            System.arraycopy(tail, (number - written) * recordBytes, into, 0, recordBytes);
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(into, 0, recordBytes);
        long at = (long) number * recordBytes;
        try {
            while (bytes.hasRemaining()) {
                if (file.read(bytes, at + bytes.position()) < 0) {
                    throw new IOException("the scratch file of the index was cut off");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Shows {@code each} the records of that id until it says that one is what was looked for.
     *
     * @param record room for one; holds the one found
     * @return its number, or -1
     */
    int find(Id id, byte[] record, Visitor each) {
        lock.readLock().lock();
        try {
            long[] places = slots[part(id)];
            int print = print(id);
            int at = home(print & 0xffff_ffffL, places.length);
            for (; places[at] != 0; at = at + 1 == places.length ? 0 : at + 1) {
                if ((int) places[at] == print) {
                    int number = (int) (places[at] >>> 32) - 1;
                    fetch(number, record);
                    if (Id.read(record, 0).equals(id) && each.isIt(record, number)) {
                        return number;
                    }
                }
            }
            return -1;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Bytes of memory that the table takes. */
    long memory() {
        long sum = tail.length;
        for (long[] part : slots) {
            sum += 8L * part.length;
        }
        return sum;
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Looks at a record. */
    interface Visitor {
        boolean isIt(byte[] record, int number);
    }
}
