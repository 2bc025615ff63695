package org.ashlar.repository;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings a snapshot, or some paths of it, back into a folder, each entry under its whole path. What is there under the same name is
 * replaced, other things stay. No link in the folder is followed. What cannot be restored is told, and the rest goes on.
 * <p>
 * Sparse files come back sparse, names of one file as names of one file. Owners are set by root alone; devices, pipes and sockets are not made.
 */
public final class Restore {
    /** Threads for each processor: half of what they do is waiting for files. */
    private static final int THREADS = 2;

    private final Repository repository;
    private final Snapshot snapshot;
    /** Files that are not done yet, and the walk that finds more. */
    private final AtomicLong open = new AtomicLong(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final AtomicLong files = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong moved = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final List<String> problems = Collections.synchronizedList(new ArrayList<>());
    /** The first name of each file that has several, by device and inode. Grows with their number, and with nothing else. */
    private final Map<List<Long>, Path> names = new HashMap<>();
    private final List<Path[]> links = new ArrayList<>();
    private final Set<Path> lost = ConcurrentHashMap.newKeySet();
    final Semaphore room = new Semaphore(FileWrite.OPEN);
    final Metadata metadata = new Metadata(this::problem);
    private List<String> wanted = List.of();
    private boolean durable;
    private Watcher watcher = Watcher.NONE;
    private long total;
    private BlobIndex index;
    private PackOrder order;

    /** One use. */
    public Restore(Repository repository, Snapshot snapshot) {
        this.repository = repository;
        this.snapshot = snapshot;
    }

    /** Only these and what is below them. @param paths in the snapshot, such as {@code /home/alice/letter} */
    public Restore only(List<String> paths) {
        wanted = paths.stream().map(path -> '/' + String.join("/", Arrays.stream(path.split("/")).filter(part -> !part.isEmpty()).toList()))
                .map(RawName::encode).toList();
        return this;
    }

    /** Each file, and each folder, is on the disk for good when {@link #to} returns. */
    public Restore durably() {
        durable = true;
        return this;
    }

    /** Shows how it goes. To know how much there is, all folders are read beforehand. */
    public Restore watched(Watcher who) {
        watcher = who;
        return this;
    }

    boolean isDurable() {
        return durable;
    }

    /** What came of it. @param failed how many entries could not be restored whole; @param problems lines about them, at most 1000 */
    public record Result(long files, long bytes, long failed, List<String> problems) { }

    /** @param target a folder; made if missing */
    public Result to(Path target) throws IOException {
        try (Locks lock = Locks.shared(repository); Workers workers = new Workers(THREADS * repository.options.workers())) {
            index = repository.index();
            order = new PackOrder(repository, index, workers);
            BlobReader trees = repository.reader();
            Files.createDirectories(target);
            if (watcher != Watcher.NONE) {
                total = size(trees, snapshot.tree(), "");
                watcher.at(0, total);
            }
            walk(trees, snapshot.tree(), target, "", workers, lock);
            order.flush();
            finished();
            while (true) {
                try {
                    if (done.await(100, TimeUnit.MILLISECONDS)) {
                        break;
                    }
                    workers.check();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted", e);
                }
            }
            workers.check();
            for (Path[] link : links) {
                link(link[0], link[1]);
            }
            // Last: what is made in a folder changes its times, and its mode may forbid it.
            folders(trees, snapshot.tree(), target, "");
            return new Result(files.get(), bytes.get(), failed.get(), List.copyOf(problems));
        }
    }

    void wrote(long size) {
        files.incrementAndGet();
        bytes.addAndGet(size);
    }

    /** A piece of a file is written. */
    void moved(long size) {
        watcher.at(moved.addAndGet(size), total);
    }

    /** Bytes of all files that are wanted; of a folder that cannot be read, none. */
    private long size(BlobReader trees, Id tree, String at) throws IOException {
        long sum = 0;
        List<Node> nodes;
        try {
            nodes = trees.tree(tree);
        } catch (DamagedException e) {
            return 0; // told by the walk
        }
        for (Node node : nodes) {
            String path = at + '/' + node.name();
            if (leadsTo(path, node.type() == Node.Type.FOLDER)) {
                sum += node.size() + (node.subtree().isPresent() ? size(trees, node.subtree().get(), path) : 0);
            }
        }
        return sum;
    }

    /** A file is done, or will not be; or the walk is. */
    void finished() {
        if (open.decrementAndGet() == 0) {
            done.countDown();
        }
    }

    /** A file could not be restored: nor can its other names. */
    void lost(Path file, Exception why) {
        lost.add(file);
        problem(file.toString(), why);
    }

    void problem(String what, Exception why) {
        failed.incrementAndGet();
        if (problems.size() < Backup.MAX_PROBLEMS) {
            problems.add(Text.shown(what) + ": " + why.getMessage());
        }
    }

    /** Whether a path is wanted, or may have something wanted below it. */
    private boolean leadsTo(String path, boolean folder) {
        if (wanted.isEmpty()) {
            return true;
        }
        for (String one : wanted) {
            if (one.equals("/") || path.equals(one) || path.startsWith(one + '/') || folder && one.startsWith(path + '/')) {
                return true;
            }
        }
        return false;
    }

    private void walk(BlobReader trees, Id tree, Path folder, String at, Workers workers, Locks lock) throws IOException {
        lock.check();
        for (Node node : entries(trees, tree, folder)) {
            String path = at + '/' + node.name();
            if (!leadsTo(path, node.type() == Node.Type.FOLDER)) {
                continue;
            }
            Path to;
            try {
                to = RawName.resolve(folder, node.name());
                if (node.type() == Node.Type.FOLDER) {
                    makeFolder(to);
                    if (node.subtree().isPresent()) {
                        walk(trees, node.subtree().get(), to, path, workers, lock);
                    }
                } else {
                    restore(node, to);
                }
            } catch (IOException | IllegalArgumentException e) {
                workers.check();
                problem(folder + "/" + node.display(), e instanceof IOException io ? io : new IOException(e.getMessage(), e));
            }
        }
    }

    private List<Node> entries(BlobReader trees, Id tree, Path folder) throws IOException {
        try {
            return trees.tree(tree);
        } catch (DamagedException e) {
            problem(folder.toString(), e);
            return List.of();
        }
    }

    private static void makeFolder(Path folder) throws IOException {
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("something else is there already, and a folder should be");
            }
        }
    }

    private void restore(Node node, Path to) throws IOException {
        switch (node.type()) {
            case FILE -> {
                List<Long> identity = List.of(node.meta().deviceId(), node.meta().inode());
                if (node.meta().links() > 1 && names.putIfAbsent(identity, to) != null) {
                    links.add(new Path[] {names.get(identity), to});
                    return;
                }
                open.incrementAndGet();
                new FileWrite(this, node, to).begin(index, order);
            }
            case LINK -> {
                Path made = Naming.place(to);
                Files.createSymbolicLink(made, RawName.path(node.linkTarget(), to));
                metadata.ofLink(node, made);
                Naming.name(made, to);
                files.incrementAndGet();
            }
            default -> problem(to.toString(), new IOException("is no file, folder or link (" + node.type().text + "), and is not made"));
        }
    }

    private void link(Path first, Path name) {
        try {
            if (lost.contains(first)) {
                throw new IOException("is another name of " + first + ", which could not be restored");
            }
            Path made = Naming.place(name);
            Files.createLink(made, first);
            Naming.name(made, name);
            files.incrementAndGet();
        } catch (IOException | UnsupportedOperationException e) {
            problem(name.toString(), e);
        }
    }

    private void folders(BlobReader trees, Id tree, Path folder, String at) throws IOException {
        List<Node> nodes;
        try {
            nodes = trees.tree(tree);
        } catch (DamagedException e) {
            return; // told already
        }
        for (Node node : nodes) {
            String path = at + '/' + node.name();
            if (node.type() == Node.Type.FOLDER && leadsTo(path, true)) {
                Path to = RawName.resolve(folder, node.name());
                if (Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS)) {
                    if (node.subtree().isPresent()) {
                        folders(trees, node.subtree().get(), to, path);
                    }
                    metadata.of(node, to);
                }
            }
        }
        sync(folder);
    }

    private void sync(Path folder) throws IOException {
        if (durable) {
            try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                names.force(true);
            }
        }
    }
}
