package org.ashlar.repository;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which blob lies in which packs, for all packs that index files name. A blob may lie in several.
 * <p>
 * Threads: any number. Memory: see {@link IdTable}.
 */
final class BlobIndex implements AutoCloseable {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int BLOB = Id.BYTES + 16;
    private static final int PACK = Id.BYTES + 8;
    /** The bit of the pack's number that says that a blob is a tree. */
    private static final int TREE = 1 << 31;

    private final IdTable blobs;
    private final IdTable packs;

    BlobIndex(Path scratch) throws IOException {
        blobs = new IdTable(scratch, BLOB);
        packs = new IdTable(scratch, PACK);
    }

    /** A blob, and the pack it lies in. @param number counts the blobs of an index; @param packNumber its packs */
    record Entry(int number, int packNumber, Id pack, PackedBlob blob) { }

    /** Adds a pack with its blobs; one that is known changes nothing. */
    synchronized void add(Id pack, List<PackedBlob> content) {
        byte[] record = new byte[PACK];
        if (packs.find(pack, record, (found, number) -> true) >= 0) {
            return;
        }
        pack.write(record, 0);
        INT.set(record, Id.BYTES, blobs.size());
        INT.set(record, Id.BYTES + 4, content.size());
        int number = packs.add(record);
        byte[] entry = new byte[BLOB];
        for (PackedBlob blob : content) {
            blob.id().write(entry, 0);
            INT.set(entry, Id.BYTES, blob.type() == BlobType.TREE ? number | TREE : number);
            INT.set(entry, Id.BYTES + 4, blob.offset());
            INT.set(entry, Id.BYTES + 8, blob.length());
            INT.set(entry, Id.BYTES + 12, blob.plain());
            blobs.add(entry);
        }
    }

    boolean has(BlobType type, Id id) {
        return blobs.find(id, new byte[BLOB], (record, number) -> type(record) == type) >= 0;
    }

    private static BlobType type(byte[] record) {
        return (int) INT.get(record, Id.BYTES) < 0 ? BlobType.TREE : BlobType.DATA;
    }

    Optional<Entry> find(BlobType type, Id id) {
        byte[] record = new byte[BLOB];
        int number = blobs.find(id, record, (found, n) -> type(found) == type);
        return number < 0 ? Optional.empty() : Optional.of(entry(number, record));
    }

    /** All places where a blob lies. */
    List<Entry> findAll(BlobType type, Id id) {
        List<byte[]> records = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        blobs.find(id, new byte[BLOB], (record, number) -> {
            if (type(record) == type) {
                records.add(record.clone());
                numbers.add(number);
            }
            return false;
        });
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            entries.add(entry(numbers.get(i), records.get(i)));
        }
        return entries;
    }

    private Entry entry(int number, byte[] record) {
        int packNumber = (int) INT.get(record, Id.BYTES) & ~TREE;
        PackedBlob blob = new PackedBlob(type(record), Id.read(record, 0), (int) INT.get(record, Id.BYTES + 4),
                (int) INT.get(record, Id.BYTES + 8), (int) INT.get(record, Id.BYTES + 12));
        return new Entry(number, packNumber, pack(packNumber), blob);
    }

    boolean hasPack(Id pack) {
        return packNumber(pack) >= 0;
    }

    int packNumber(Id pack) {
        return packs.find(pack, new byte[PACK], (record, number) -> true);
    }

    int packCount() {
        return packs.size();
    }

    int blobCount() {
        return blobs.size();
    }

    Id pack(int packNumber) {
        byte[] record = new byte[PACK];
        packs.read(packNumber, record);
        return Id.read(record, 0);
    }

    /** The blobs of a pack, in the order of the index. */
    List<Entry> content(int packNumber) {
        byte[] pack = new byte[PACK];
        packs.read(packNumber, pack);
        int first = (int) INT.get(pack, Id.BYTES);
        int count = (int) INT.get(pack, Id.BYTES + 4);
        List<Entry> entries = new ArrayList<>(count);
        byte[] record = new byte[BLOB];
        for (int number = first; number < first + count; number++) {
            blobs.read(number, record);
            entries.add(entry(number, record));
        }
        return entries;
    }

    /** Bytes of memory that it takes. */
    long memory() {
        return blobs.memory() + packs.memory();
    }

    @Override
    public void close() {
        blobs.close();
        packs.close();
    }
}
