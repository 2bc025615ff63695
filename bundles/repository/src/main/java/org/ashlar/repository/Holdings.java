package org.ashlar.repository;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ashlar.api.backup.BackupTarget;

/** Which files of a kind lie on each target, and which on all of them together, with their sizes. Each target is listed once. */
final class Holdings implements AutoCloseable {
    private final Map<String, Listing> each = new LinkedHashMap<>();
    private final Map<String, IOException> failures = new LinkedHashMap<>();
    private final Listing all;

    private Holdings(Repository repository, FileKind kind) throws IOException {
        all = new Listing(kind, repository.options.scratch());
    }

    static Holdings of(Repository repository, FileKind kind) throws IOException {
        Holdings holdings = new Holdings(repository, kind);
        boolean complete = false;
        try {
            for (Map.Entry<String, BackupTarget> target : repository.replicas.targets().entrySet()) {
                holdings.list(repository, kind, target.getKey(), target.getValue());
            }
            complete = true;
            return holdings;
        } finally {
            if (!complete) {
                holdings.close();
            }
        }
    }

    /** One that cannot be listed brings nothing now. */
    private void list(Repository repository, FileKind kind, String name, BackupTarget target) throws IOException {
        Listing listing = new Listing(kind, repository.options.scratch());
        each.put(name, listing);
        try {
            target.list(kind.folder, stored -> {
                listing.add(stored);
                all.add(stored);
            });
        } catch (IOException e) {
            failures.put(name, e);
        }
    }

    /** @throws IOException when what is on the target could not be listed */
    void requireListed(String target) throws IOException {
        if (failures.containsKey(target)) {
            throw failures.get(target);
        }
        if (!each.containsKey(target)) {
            throw new IOException("it was removed");
        }
    }

    boolean has(String target, Id id, long size) {
        return each.get(target).size(id).orElse(-1) == size;
    }

    /** Every file that any target has, with its largest size: a file that was cut off is smaller than a whole one. */
    void forEach(Listing.Each visit) throws IOException {
        all.forEach(visit);
    }

    @Override
    public void close() {
        each.values().forEach(Listing::close);
        all.close();
    }
}
