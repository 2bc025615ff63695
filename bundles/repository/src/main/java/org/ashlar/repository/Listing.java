package org.ashlar.repository;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.ashlar.api.backup.BackupTarget.Stored;

/** Files of a kind, with their sizes: of several sizes, as on several targets, the largest. */
final class Listing implements AutoCloseable {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int RECORD = Id.BYTES + 8;

    private final FileKind kind;
    private final IdTable files;

    /** Called for each file. */
    interface Each {
        void file(Id id, long size) throws IOException;
    }

    /** None yet. */
    Listing(FileKind kind, Path scratch) throws IOException {
        this.kind = kind;
        this.files = new IdTable(scratch, RECORD);
    }

    /** The packs that lie on the targets. */
    static Listing packs(Repository repository) throws IOException {
        Listing packs = new Listing(FileKind.PACK, repository.options.scratch());
        boolean complete = false;
        try {
            repository.replicas.list(FileKind.PACK.folder, packs::add);
            complete = true;
            return packs;
        } finally {
            if (!complete) {
                packs.close();
            }
        }
    }

    /** Takes what a target shows; other things than files of the kind are passed over. */
    void add(Stored stored) {
        kind.id(stored.name()).ifPresent(id -> {
            if (size(id).orElse(-1) < stored.size()) {
                byte[] record = new byte[RECORD];
                id.write(record, 0);
                LONG.set(record, Id.BYTES, stored.size());
                files.add(record);
            }
        });
    }

    OptionalLong size(Id id) {
        long[] largest = {-1};
        files.find(id, new byte[RECORD], (found, number) -> {
            largest[0] = Math.max(largest[0], (long) LONG.get(found, Id.BYTES));
            return false;
        });
        return largest[0] < 0 ? OptionalLong.empty() : OptionalLong.of(largest[0]);
    }

    void forEach(Each each) throws IOException {
        byte[] record = new byte[RECORD];
        for (int number = 0; number < files.size(); number++) {
            files.read(number, record);
            Id id = Id.read(record, 0);
            long size = (long) LONG.get(record, Id.BYTES);
            if (size(id).orElse(size) == size) {
                each.file(id, size);
            }
        }
    }

    @Override
    public void close() {
        files.close();
    }
}
