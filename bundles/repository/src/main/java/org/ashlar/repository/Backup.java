package org.ashlar.repository;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Makes a snapshot. What an earlier one of the same paths shows to be unchanged (size, times and inode are the same) is not read
 * again, unless it had changed so shortly before that one that a further change may have left its times as they were. Order on the targets: packs, then index, then snapshot; so an interrupted run leaves nothing but packs that the next one uses.
 * <p>
 * One use. Runs on the calling thread, which walks, and on {@link Options#workers} of its own.
 */
public final class Backup {
    /** Tag of a snapshot that lacks what could not be read. */
    public static final String INCOMPLETE = "incomplete";
    /** Problems that are kept; the rest is counted. */
    static final int MAX_PROBLEMS = 1000;

    private final Repository repository;
    private final Source root;
    private final List<String> paths;
    private List<String> tags = List.of();
    private Consumer<Progress> progress = seen -> { };

    /**
     * @param root  a folder; its entries are the snapshot's top
     * @param paths what the snapshot says it shows: absolute, as text
     */
    public Backup(Repository repository, Source root, List<String> paths) {
        this.repository = repository;
        this.root = root;
        this.paths = paths.stream().sorted().toList();
    }

    public Backup tagged(List<String> names) {
        tags = List.copyOf(names);
        return this;
    }

    /** Shows how it goes, from several threads, for each file. */
    public Backup watched(Consumer<Progress> watcher) {
        progress = watcher;
        return this;
    }

    /** How far it is. @param bytes read, or known to be unchanged; @param stored bytes that went to the targets */
    public record Progress(long files, long bytes, long stored) { }

    /**
     * What came of it.
     *
     * @param snapshot  its id
     * @param files     how many
     * @param unchanged of them, how many were not read
     * @param bytes     in all files
     * @param stored    bytes of new packs
     * @param problems  what could not be read, at most 1000; the snapshot has the rest, and the tag {@link #INCOMPLETE}
     * @param unread    how many could not be read
     */
    public record Result(Id snapshot, long files, long unchanged, long bytes, long stored, List<String> problems, long unread) { }

    /** @throws IOException when it cannot be stored on any target; what was stored so far is used by the next run */
    public Result run() throws IOException {
        try (Locks lock = Locks.shared(repository)) {
            Optional<Repository.StoredSnapshot> parent = parent();
            BlobIndex index = repository.index();
            RepairIndex.adopt(repository, index, lock);
            Counts counts = new Counts();
            Stamp time = repository.options.now();
            Id tree;
            try (BlobWriter writer = new BlobWriter(repository, index, lock); Workers workers = new Workers(repository.options.workers())) {
                TreeWalk walk = new TreeWalk(repository, writer, workers, counts, () -> progress.accept(counts.progress(writer)), lock::check);
                tree = walk.run(root, parent.map(Repository.StoredSnapshot::snapshot));
                writer.flush();
                counts.stored.set(writer.stored());
            }
            lock.check();
            lock.confirm();
            Snapshot snapshot = new Snapshot(time, tree, parent.map(Repository.StoredSnapshot::id), paths, repository.options.hostname(),
                    repository.options.username(), 0, 0, counts.tags(tags), Optional.empty());
            Id id = repository.saveUnpacked(FileKind.SNAPSHOT, snapshot.json());
            return counts.result(id);
        }
    }

    private Optional<Repository.StoredSnapshot> parent() throws IOException {
        List<Repository.StoredSnapshot> snapshots = repository.snapshots();
        return snapshots.reversed().stream().filter(stored -> stored.snapshot().hostname().equals(repository.options.hostname())
                && stored.snapshot().paths().stream().sorted().toList().equals(paths)).findFirst();
    }

    /** What is counted while it runs. */
    static final class Counts implements Source.Problems {
        final AtomicLong files = new AtomicLong();
        final AtomicLong unchanged = new AtomicLong();
        final AtomicLong bytes = new AtomicLong();
        final AtomicLong stored = new AtomicLong();
        private final List<String> problems = Collections.synchronizedList(new java.util.ArrayList<>());
        private final AtomicLong unread = new AtomicLong();

        @Override
        public void report(String what, Exception why) {
            unread.incrementAndGet();
            if (problems.size() < MAX_PROBLEMS) {
                problems.add(Text.shown(what) + ": " + (why instanceof NoSuchFileException ? "was removed meanwhile" : why.getMessage()));
            }
        }

        Progress progress(BlobWriter writer) {
            return new Progress(files.get(), bytes.get(), writer.stored());
        }

        List<String> tags(List<String> given) {
            return unread.get() == 0 ? given : Stream.concat(given.stream(), Stream.of(INCOMPLETE)).toList();
        }

        Result result(Id snapshot) {
            return new Result(snapshot, files.get(), unchanged.get(), bytes.get(), stored.get(), List.copyOf(problems), unread.get());
        }
    }
}
