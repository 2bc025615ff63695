package org.ashlar.repository;

import java.io.IOException;
import org.ashlar.api.backup.BackupTarget;

/** Which files of a kind lie on a target, and which on all of them together, with their sizes. */
final class Holdings implements AutoCloseable {
    private final Listing here;
    private final Listing all;

    private Holdings(Repository repository, FileKind kind) throws IOException {
        here = new Listing(kind, repository.options.scratch());
        all = new Listing(kind, repository.options.scratch());
    }

    static Holdings of(Repository repository, FileKind kind, BackupTarget target) throws IOException {
        Holdings holdings = new Holdings(repository, kind);
        boolean complete = false;
        try {
            holdings.list(repository, kind, target);
            complete = true;
            return holdings;
        } finally {
            if (!complete) {
                holdings.close();
            }
        }
    }

    private void list(Repository repository, FileKind kind, BackupTarget target) throws IOException {
        target.list(kind.folder, here::add);
        for (BackupTarget one : repository.replicas.targets().values()) {
            try {
                one.list(kind.folder, all::add);
            } catch (IOException e) {
                if (one == target) {
                    throw e;
                } // another that cannot be reached brings nothing now
            }
        }
    }

    boolean has(Id id, long size) {
        return here.size(id).orElse(-1) == size;
    }

    /** Every file that any target has, with its largest size: a file that was cut off is smaller than a whole one. */
    void forEach(Listing.Each each) throws IOException {
        all.forEach(each);
    }

    @Override
    public void close() {
        here.close();
        all.close();
    }
}
