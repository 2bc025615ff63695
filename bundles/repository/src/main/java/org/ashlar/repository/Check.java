package org.ashlar.repository;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.ashlar.api.backup.BackupTarget;

/**
 * Looks whether everything that the snapshots need is there, and with {@link #readingData} whether each byte of it is in order on
 * every target.
 */
public final class Check {
    private final Repository repository;
    private double share;
    private Random choice = new Random();
    private Watcher watcher = Watcher.NONE;

    public Check(Repository repository) {
        this.repository = repository;
    }

    /** Reads every pack on every target, too. */
    public Check readingData() {
        share = 1;
        return this;
    }

    /** Reads a random part of the packs, from 0 to 1. */
    public Check readingSample(double part, Random random) {
        share = part;
        choice = random;
        return this;
    }

    /** Shows how the reading of packs goes. */
    public Check watched(Watcher who) {
        watcher = who;
        return this;
    }

    /**
     * What was found.
     *
     * @param errors  what is missing or damaged, at most 1000 lines
     * @param hints   what takes room and does no harm
     * @param count   how many errors there are
     * @param read    packs that were read, counting each target
     */
    public record Result(List<String> errors, List<String> hints, long count, int snapshots, int packs, int read) {
        public boolean isWhole() {
            return count == 0;
        }
    }

    private final List<String> errors = new ArrayList<>();
    private final List<String> hints = new ArrayList<>();
    private long count;

    private void error(String what) {
        count++;
        if (errors.size() < Backup.MAX_PROBLEMS) {
            errors.add(what);
        }
    }

    public Result run() throws IOException {
        errors.clear();
        hints.clear();
        count = 0;
        try (Locks lock = Locks.shared(repository); Listing listing = Listing.packs(repository)) {
            List<Id> snapshots = repository.ids(FileKind.SNAPSHOT);
            repository.forgetIndex();
            BlobIndex index = repository.index();
            packs(index, listing);
            UsedBlobs used = new UsedBlobs(repository, pack -> listing.size(pack).isPresent(), this::error);
            for (Id id : snapshots) {
                lock.check();
                try {
                    used.walk(repository.snapshot(id).tree(), "snapshot " + id.brief());
                } catch (DamagedException | NoSuchFileException e) {
                    error("snapshot " + id.brief() + ": " + e.getMessage());
                }
            }
            int read = share > 0 ? data(index, lock, listing) : 0;
            return new Result(List.copyOf(errors), List.copyOf(hints), count, snapshots.size(), index.packCount(), read);
        } finally {
            repository.forgetIndex();
        }
    }

    private void packs(BlobIndex index, Listing listing) throws IOException {
        for (int number = 0; number < index.packCount(); number++) {
            Id pack = index.pack(number);
            List<PackedBlob> blobs = content(index, number);
            OptionalLong size = listing.size(pack);
            long least = blobs.isEmpty() ? 0 : blobs.getLast().end();
            if (size.isEmpty()) {
                error("pack " + pack.brief() + ": is in the index and on no target");
            } else if (size.getAsLong() < least + PackHeader.trailer(blobs)) {
                error("pack " + pack.brief() + ": has " + size.getAsLong() + " bytes, and by the index at least " + (least + PackHeader.trailer(blobs)));
            }
        }
        Set<Id> marked = Mark.marked(repository);
        int[] stray = new int[1];
        listing.forEach((pack, size) -> stray[0] += index.hasPack(pack) || marked.contains(pack) ? 0 : 1);
        if (stray[0] > 0) {
            hints.add(stray[0] + " packs are in no index: the next backup or prune takes care of them");
        }
    }

    private static List<PackedBlob> content(BlobIndex index, int number) {
        List<PackedBlob> blobs = new ArrayList<>(index.content(number).stream().map(BlobIndex.Entry::blob).toList());
        blobs.sort(Comparator.comparingInt(PackedBlob::offset));
        return blobs;
    }

    private int data(BlobIndex index, Locks lock, Listing sizes) throws IOException {
        BitSet chosen = new BitSet();
        int least = index.packCount() == 0 ? 0 : choice.nextInt(index.packCount()); // of a small repository, too, something is read
        long total = 0;
        for (int number = 0; number < index.packCount(); number++) {
            if (share == 1 || number == least || choice.nextDouble() < share) {
                chosen.set(number);
                total += sizes.size(index.pack(number)).orElse(0);
            }
        }
        Map<String, BackupTarget> targets = repository.replicas.targets();
        total *= targets.size();
        int read = 0;
        long done = 0;
        for (int number = chosen.nextSetBit(0); number >= 0; number = chosen.nextSetBit(number + 1)) {
            Id pack = index.pack(number);
            List<PackedBlob> blobs = content(index, number);
            for (Map.Entry<String, BackupTarget> target : targets.entrySet()) {
                lock.check();
                read += read(pack, blobs, target.getKey(), target.getValue()) ? 1 : 0;
                done += sizes.size(pack).orElse(0);
                watcher.at(done, total);
            }
        }
        return read;
    }

    private boolean read(Id pack, List<PackedBlob> blobs, String name, BackupTarget target) {
        try {
            byte[] bytes = Replicas.readAll(target, FileKind.PACK.path(pack), FileKind.PACK.limit);
            inspect(repository.key, pack, blobs, bytes).ifPresent(wrong -> error("pack " + pack.brief() + " on " + name + ": " + wrong));
            return true;
        } catch (NoSuchFileException e) {
            error("pack " + pack.brief() + " on " + name + ": is missing");
        } catch (IOException | DamagedException e) {
            error("pack " + pack.brief() + " on " + name + ": " + e.getMessage());
        }
        return false;
    }

    /** What is wrong with a pack. */
    static Optional<String> inspect(MasterKey key, Id pack, List<PackedBlob> blobs, byte[] bytes) {
        if (!Id.of(bytes).equals(pack)) {
            return Optional.of("its content does not belong to its name");
        }
        try {
            Set<PackedBlob> told = new HashSet<>(PackFile.parse(key, bytes, bytes.length));
            for (PackedBlob blob : blobs) {
                if (!told.contains(blob)) {
                    return Optional.of("its header says something else of the blob " + blob.id().brief() + " than the index");
                }
                BlobReader.open(key, blob, bytes, blob.offset());
            }
            return Optional.empty();
        } catch (DamagedException e) {
            return Optional.of(e.getMessage());
        }
    }
}
