package org.ashlar.repository;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Makes the index anew: from the index files that can be read, for packs that are there, and from the headers of all other packs. */
public final class RepairIndex {
    private final Repository repository;

    public RepairIndex(Repository repository) {
        this.repository = repository;
    }

    /**
     * What came of it.
     *
     * @param packs   in the index now
     * @param found   of them, how many no index file named
     * @param lost    packs that index files named and that are on no target
     * @param damaged packs and index files that cannot be read
     */
    public record Result(int packs, int found, List<String> lost, List<String> damaged) { }

    /** Takes the repository for itself. Snapshots are not touched; {@link Check} says which of them are whole. */
    public Result run() throws IOException {
        List<String> lost = new ArrayList<>();
        List<String> damaged = new ArrayList<>();
        int found = 0;
        try (Locks lock = Locks.exclusive(repository); Listing listing = Listing.packs(repository);
                BlobIndex whole = new BlobIndex(repository.options.scratch())) {
            repository.forgetIndex();
            List<Id> old = repository.ids(FileKind.INDEX);
            for (Id id : old) {
                try {
                    repository.load(FileKind.INDEX, id, text -> IndexFile.read(text, (pack, blobs) -> take(whole, listing, pack, blobs, lost)),
                            IndexFile.MAX_TEXT);
                } catch (NoSuchFileException | DamagedException e) {
                    damaged.add(FileKind.INDEX.path(id) + ": " + e.getMessage());
                }
            }
            Set<Id> marked = Mark.marked(repository);
            int before = whole.packCount();
            listing.forEach((pack, size) -> {
                if (!whole.hasPack(pack) && !marked.contains(pack)) {
                    lock.check();
                    addFromHeader(whole, pack, size, damaged);
                }
            });
            found = whole.packCount() - before;
            replace(repository, whole, old, Set.of());
            return new Result(whole.packCount(), found, lost, damaged);
        } finally {
            repository.forgetIndex();
        }
    }

    private static void take(BlobIndex into, Listing listing, Id pack, List<PackedBlob> blobs, List<String> lost) {
        long least = blobs.stream().mapToInt(PackedBlob::end).max().orElse(0);
        if (listing.size(pack).orElse(-1) >= least + PackHeader.trailer(blobs)) {
            into.add(pack, blobs);
        } else if (listing.size(pack).isEmpty() && lost.size() < Backup.MAX_PROBLEMS) {
            lost.add(FileKind.PACK.path(pack));
        }
    }

    private void addFromHeader(BlobIndex into, Id pack, long size, List<String> damaged) throws IOException {
        try {
            into.add(pack, PackFile.header(repository, pack, size));
        } catch (NoSuchFileException | DamagedException e) {
            if (damaged.size() < Backup.MAX_PROBLEMS) {
                damaged.add(FileKind.PACK.path(pack) + ": " + e.getMessage());
            }
        }
    }

    /** Writes index files for all packs of {@code whole} but those in {@code without}, then deletes the old ones. */
    static void replace(Repository repository, BlobIndex whole, List<Id> old, Set<Id> without) throws IOException {
        IndexFile.Builder builder = new IndexFile.Builder();
        List<Id> written = new ArrayList<>();
        for (int number = 0; number < whole.packCount(); number++) {
            Id pack = whole.pack(number);
            if (without.contains(pack)) {
                continue;
            }
            builder.add(pack, whole.content(number).stream().map(BlobIndex.Entry::blob).toList());
            if (builder.isFull()) {
                written.add(repository.saveUnpacked(FileKind.INDEX, builder.json(List.of())));
                builder = new IndexFile.Builder();
            }
        }
        // The last one says what all of them together stand for: by then they are there.
        if (!builder.isEmpty() || !old.isEmpty()) {
            written.add(repository.saveUnpacked(FileKind.INDEX, builder.json(old)));
        }
        for (Id id : old) {
            if (!written.contains(id)) {
                repository.replicas.delete(FileKind.INDEX.path(id));
            }
        }
    }

    /**
     * Takes the packs into the index that lie there without: what an interrupted backup has stored. Done under a shared lock; a pack is
     * complete or not there, and two index files that name it do no harm.
     */
    static void adopt(Repository repository, BlobIndex index, Locks lock) throws IOException {
        Set<Id> marked = Mark.marked(repository);
        IndexFile.Builder builder = new IndexFile.Builder();
        try (Listing listing = Listing.packs(repository)) {
            listing.forEach((pack, size) -> {
                if (index.hasPack(pack) || marked.contains(pack)) {
                    return;
                }
                try {
                    List<PackedBlob> blobs = PackFile.header(repository, pack, size);
                    index.add(pack, blobs);
                    builder.add(pack, blobs);
                } catch (NoSuchFileException | DamagedException e) {
                    // Not ours, or damaged: its blobs are stored again.
                }
            });
        }
        if (!builder.isEmpty()) {
            lock.confirm();
            repository.saveUnpacked(FileKind.INDEX, builder.json(List.of()));
        }
    }
}
