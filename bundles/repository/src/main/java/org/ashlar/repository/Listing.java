package org.ashlar.repository;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/** The packs that lie on the targets, with their sizes: of several sizes on several targets, the largest. */
final class Listing implements AutoCloseable {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int RECORD = Id.BYTES + 8;

    private final IdTable packs;

    /** Called for each pack. */
    interface Each {
        void pack(Id id, long size) throws IOException;
    }

    Listing(Repository repository) throws IOException {
        packs = new IdTable(repository.options.scratch(), RECORD);
        repository.replicas.list(FileKind.PACK.folder, stored -> FileKind.PACK.id(stored.name()).ifPresent(id -> add(id, stored.size())));
    }

    private void add(Id id, long size) {
        byte[] record = new byte[RECORD];
        if (packs.find(id, record, (found, number) -> (long) LONG.get(found, Id.BYTES) >= size) < 0) {
            id.write(record, 0);
            LONG.set(record, Id.BYTES, size);
            packs.add(record);
        }
    }

    OptionalLong size(Id id) {
        byte[] record = new byte[RECORD];
        long[] largest = {-1};
        packs.find(id, record, (found, number) -> {
            largest[0] = Math.max(largest[0], (long) LONG.get(found, Id.BYTES));
            return false;
        });
        return largest[0] < 0 ? OptionalLong.empty() : OptionalLong.of(largest[0]);
    }

    void forEach(Each each) throws IOException {
        byte[] record = new byte[RECORD];
        for (int number = 0; number < packs.size(); number++) {
            packs.read(number, record);
            Id id = Id.read(record, 0);
            long size = (long) LONG.get(record, Id.BYTES);
            if (size(id).orElse(size) == size) {
                each.pack(id, size);
            }
        }
    }

    @Override
    public void close() {
        packs.close();
    }
}
