package org.ashlar.repository;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The blobs that trees lead to: a bit for each blob of the index. Of a blob that lies in several packs, one place is used.
 */
final class UsedBlobs {
    private final BlobIndex index;
    private final BlobReader reader;
    private final Predicate<Id> packIsThere;
    private final Troubles troubles;
    private final BitSet used = new BitSet();
    private final BitSet walked = new BitSet();

    /** Takes down what is missing or damaged. */
    interface Troubles {
        void trouble(String what);
    }

    UsedBlobs(Repository repository, Predicate<Id> packIsThere, Troubles troubles) throws IOException {
        this.index = repository.index();
        this.reader = repository.reader();
        this.packIsThere = packIsThere;
        this.troubles = troubles;
    }

    boolean isUsed(int number) {
        return used.get(number);
    }

    /** A tree that is still to be walked, and where it stands. The path is a chain, as thousands of them share their beginnings. */
    private record Task(Id tree, Place at) { }

    private record Place(Optional<Place> above, String name) {
        @Override
        public String toString() {
            return above.map(place -> place + "/").orElse("") + name;
        }
    }

    /** Walks through a tree and all below it, each tree once for all calls. @param what where it stands, for people */
    void walk(Id root, String what) throws IOException {
        Deque<Task> tasks = new ArrayDeque<>();
        push(tasks, root, new Place(Optional.empty(), what));
        while (!tasks.isEmpty()) {
            Task task = tasks.pop();
            List<Node> nodes;
            try {
                nodes = reader.tree(task.tree());
            } catch (DamagedException e) {
                troubles.trouble(task.at() + ": " + e.getMessage());
                continue;
            }
            for (Node node : nodes.reversed()) {
                visit(tasks, task, node);
            }
        }
    }

    private void push(Deque<Task> tasks, Id tree, Place at) {
        Optional<BlobIndex.Entry> entry = use(BlobType.TREE, tree, at);
        if (entry.isPresent() && !walked.get(entry.get().number())) {
            walked.set(entry.get().number());
            tasks.push(new Task(tree, at));
        }
    }

    private void visit(Deque<Task> tasks, Task task, Node node) {
        Place at = new Place(Optional.of(task.at()), node.display());
        if (node.type() == Node.Type.FOLDER) {
            if (node.subtree().isPresent()) {
                push(tasks, node.subtree().get(), at);
            } else {
                troubles.trouble(at + ": a folder without a tree");
            }
        } else if (node.type() == Node.Type.FILE) {
            long size = 0;
            boolean whole = true;
            for (Id id : node.content()) {
                Optional<BlobIndex.Entry> entry = use(BlobType.DATA, id, at);
                size += entry.map(found -> found.blob().plainLength()).orElse(0);
                whole &= entry.isPresent();
            }
            if (whole && size != node.size()) {
                troubles.trouble(at + ": has " + node.size() + " bytes, and its chunks " + size);
            }
        }
    }

    private Optional<BlobIndex.Entry> use(BlobType type, Id id, Place at) {
        List<BlobIndex.Entry> places = index.findAll(type, id);
        Optional<BlobIndex.Entry> place = places.stream().filter(entry -> packIsThere.test(entry.pack())).findFirst();
        if (place.isEmpty()) {
            troubles.trouble(at + ": the " + type.text + " blob " + id.brief() + (places.isEmpty() ? " is in no index"
                    : " lies in the pack " + places.getFirst().pack().brief() + ", which is missing"));
        } else {
            used.set(place.get().number());
        }
        return place;
    }
}
