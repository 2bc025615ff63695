package org.ashlar.repository;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.ashlar.api.backup.BackupTarget;

/** Which files of a kind lie on a target, and which on all of them together, with their sizes. */
final class Holdings implements AutoCloseable {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int RECORD = Id.BYTES + 8;

    private final IdTable here;
    private final IdTable all;

    Holdings(Repository repository, FileKind kind, BackupTarget target) throws IOException {
        here = new IdTable(repository.options.scratch(), RECORD);
        all = new IdTable(repository.options.scratch(), RECORD);
        target.list(kind.folder, stored -> kind.id(stored.name()).ifPresent(id -> add(here, id, stored.size())));
        for (BackupTarget one : repository.replicas.targets().values()) {
            try {
                one.list(kind.folder, stored -> kind.id(stored.name()).ifPresent(id -> add(all, id, stored.size())));
            } catch (IOException e) {
                if (one == target) {
                    throw e;
                } // another that cannot be reached brings nothing now
            }
        }
    }

    private static void add(IdTable table, Id id, long size) {
        byte[] record = new byte[RECORD];
        if (largest(table, id) < size) {
            id.write(record, 0);
            LONG.set(record, Id.BYTES, size);
            table.add(record);
        }
    }

    private static long largest(IdTable table, Id id) {
        long[] largest = {-1};
        table.find(id, new byte[RECORD], (found, number) -> {
            largest[0] = Math.max(largest[0], (long) LONG.get(found, Id.BYTES));
            return false;
        });
        return largest[0];
    }

    boolean has(Id id, long size) {
        return largest(here, id) == size;
    }

    /** Every file that any target has, with its largest size: a file that was cut off is smaller than a whole one. */
    void forEach(Listing.Each each) throws IOException {
        byte[] record = new byte[RECORD];
        for (int number = 0; number < all.size(); number++) {
            all.read(number, record);
            Id id = Id.read(record, 0);
            long size = (long) LONG.get(record, Id.BYTES);
            if (largest(all, id) == size) {
                each.pack(id, size);
            }
        }
    }

    @Override
    public void close() {
        here.close();
        all.close();
    }
}
