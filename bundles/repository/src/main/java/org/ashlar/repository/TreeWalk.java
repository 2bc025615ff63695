package org.ashlar.repository;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Walks through a source and stores it: files by the workers, and each folder's tree by whoever comes last in it. So a folder is
 * complete when all in it are, and nobody waits for one.
 */
final class TreeWalk {
    /** Coarsest time that a file system keeps for a change, in seconds: that of FAT. */
    private static final int GRAIN = 2;

    private final Repository repository;
    final BlobWriter writer;
    final Workers workers;
    final Backup.Counts counts;
    private final Runnable progress;
    private final Runnable lock;
    private final BlobReader earlier;
    private final BlobIndex index;
    final Chunker chunker;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile Id result;
    /** What changed before this was at rest when the parent was made. */
    private Stamp settled = Stamp.ZERO;

    TreeWalk(Repository repository, BlobWriter writer, Workers workers, Backup.Counts counts, Runnable progress, Runnable lock) throws IOException {
        this.repository = repository;
        this.writer = writer;
        this.workers = workers;
        this.counts = counts;
        this.progress = progress;
        this.lock = lock;
        this.index = repository.index();
        this.earlier = new BlobReader(repository, index);
        this.chunker = new Chunker(repository.config.polynomial());
    }

    /** @return the root's tree, once all is handed to the writer */
    Id run(Source root, Optional<Snapshot> parent) throws IOException {
        settled = parent.map(snapshot -> new Stamp(snapshot.time().seconds() - GRAIN, 0)).orElse(Stamp.ZERO);
        walk(root, root.node(), Optional.empty(), 0, parent.map(Snapshot::tree));
        try {
            while (!done.await(100, TimeUnit.MILLISECONDS)) {
                workers.check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        workers.check();
        return result;
    }

    /** A folder whose entries are not all known yet. */
    static final class Folder {
        final Node node;
        final Optional<Folder> above;
        final int place;
        final AtomicReferenceArray<Node> entries;
        /** Entries that are missing, and one for the walk itself. */
        final AtomicInteger missing;

        Folder(Node node, Optional<Folder> above, int place, int entries) {
            this.node = node;
            this.above = above;
            this.place = place;
            this.entries = new AtomicReferenceArray<>(entries);
            this.missing = new AtomicInteger(entries + 1);
        }
    }

    private void walk(Source source, Node node, Optional<Folder> above, int place, Optional<Id> parent) throws IOException {
        lock.run();
        List<Source> children;
        try {
            children = new ArrayList<>(source.children(counts));
        } catch (IOException e) {
            counts.report(source.toString(), e);
            children = List.of();
        }
        children.sort(Comparator.comparing(child -> child.node().name()));
        List<Node> before = parent.map(this::entriesOf).orElse(List.of());
        Folder folder = new Folder(node, above, place, children.size());
        for (int i = 0; i < children.size(); i++) {
            workers.check();
            visit(folder, i, children.get(i), before);
        }
        count(folder);
    }

    private List<Node> entriesOf(Id tree) {
        try {
            return earlier.tree(tree);
        } catch (IOException | DamagedException e) {
            return List.of(); // then all is read anew, which is right in any case
        }
    }

    private void visit(Folder folder, int place, Source child, List<Node> before) throws IOException {
        Node seen = child.node();
        Optional<Node> known = find(before, seen.name()).filter(node -> node.type() == seen.type());
        boolean same = known.isPresent() && isSame(known.get(), seen);
        switch (seen.type()) {
            case FOLDER -> {
                Node complete = same ? withUnchanged(seen, known.get()) : complete(child);
                walk(child, complete, Optional.of(folder), place, known.flatMap(Node::subtree));
            }
            case FILE -> {
                if (same && known.get().size() == seen.size() && isStored(known.get())) {
                    counts.unchanged.incrementAndGet();
                    read(folder, place, withUnchanged(seen, known.get()).withContent(known.get().content(), seen.size()));
                } else {
                    FileRead file = new FileRead(this, folder, place, child);
                    workers.submit(file::run);
                }
            }
            default -> arrive(folder, place, same ? known.get().withName(seen.name()) : complete(child));
        }
    }

    private Node complete(Source child) {
        try {
            return child.complete();
        } catch (IOException e) {
            counts.report(child.toString(), e);
            return child.node();
        }
    }

    private static Optional<Node> find(List<Node> sorted, String name) {
        int low = 0;
        int high = sorted.size() - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            int order = sorted.get(middle).name().compareTo(name);
            if (order == 0) {
                return Optional.of(sorted.get(middle));
            }
            low = order < 0 ? middle + 1 : low;
            high = order > 0 ? middle - 1 : high;
        }
        return Optional.empty();
    }

    /** The time of the last change of an inode comes from the kernel's clock: nobody sets it back by accident. */
    private boolean isSame(Node known, Node seen) {
        return known.meta().changed().compareTo(settled) < 0 && known.meta().changed().equals(seen.meta().changed()) && known.meta().modified().equals(seen.meta().modified())
                && known.meta().inode() == seen.meta().inode() && !seen.meta().changed().equals(Stamp.ZERO);
    }

    private static Node withUnchanged(Node seen, Node known) {
        Node.Meta meta = seen.meta();
        Node.Meta old = known.meta();
        return new Node(seen.name(), seen.type(), new Node.Meta(meta.mode(), meta.modified(), meta.accessed(), meta.changed(), meta.uid(), meta.gid(),
                old.user(), old.group(), meta.inode(), meta.deviceId(), meta.links(), old.attributes()), seen.size(), "", seen.device(),
                List.of(), Optional.empty());
    }

    private boolean isStored(Node node) {
        for (Id id : node.content()) {
            if (!index.has(BlobType.DATA, id)) {
                return false;
            }
        }
        return true;
    }

    void read(Folder folder, int place, Node node) throws IOException {
        counts.files.incrementAndGet();
        counts.bytes.addAndGet(node.size());
        progress.run();
        arrive(folder, place, node);
    }

    private void arrive(Folder folder, int place, Node node) throws IOException {
        folder.entries.set(place, node);
        count(folder);
    }

    /** One more is there; of the last, the tree is made, and so on upwards. */
    void count(Folder last) throws IOException {
        Folder folder = last;
        while (folder.missing.decrementAndGet() == 0) {
            Id tree = store(folder);
            if (folder.above.isEmpty()) {
                result = tree;
                done.countDown();
                return;
            }
            Folder above = folder.above.get();
            above.entries.set(folder.place, folder.node.withSubtree(tree));
            folder = above;
        }
    }

    private Id store(Folder folder) throws IOException {
        List<Node> nodes = new ArrayList<>(folder.entries.length());
        for (int i = 0; i < folder.entries.length(); i++) {
            Node node = folder.entries.get(i);
            if (node != null) { // what could not be read left its place empty
                nodes.add(node);
            }
        }
        byte[] json = Tree.write(nodes);
        if (json.length > PackedBlob.MAX - 1024) {
            throw new RepositoryException("The folder \"" + folder.node.display() + "\" has " + nodes.size() + " entries, more than one tree can hold"
                    + " (192 MiB, about 400 000). Leave it out, or split it.");
        }
        Id id = Id.of(json);
        writer.save(BlobType.TREE, id, json, 0, json.length, new BlobWriter.Scratch());
        return id;
    }
}
