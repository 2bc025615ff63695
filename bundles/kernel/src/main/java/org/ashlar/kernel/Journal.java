package org.ashlar.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.ashlar.api.store.StateStore.Change;
import org.ashlar.api.store.StoreException;

/**
 * Makes changes of the tables of processes and capabilities: in memory and on disk in the same order, so that what two
 * make at the same time leaves both the same.
 * <p>
 * What waits together is written in one commit: whoever finds nobody writing writes for all. Any thread may call.
 */
final class Journal {
    /** Most changes, of different callers, in one commit. */
    private static final int GROUP = 256;

    private final Ledger ledger;
    private final ReentrantReadWriteLock table = new ReentrantReadWriteLock();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition written = lock.newCondition();
    /** Guarded by {@link #lock}, in the order in which they were made. */
    private final List<Entry> waiting = new ArrayList<>();
    private boolean writing;

    Journal(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Held for reading from a change's first visible effect until it is on disk; a cut holds it for writing. */
    ReentrantReadWriteLock table() {
        return table;
    }

    /**
     * Changes the tables.
     *
     * @param change what it does in memory, without blocking and at once for all who change something; gives what of it is
     *               to be on disk when this returns
     * @param undo   takes the change back when it cannot be written
     * @throws StoreException when it cannot be written; {@code undo} has been run
     */
    <E extends Exception> void apply(Mutation<E> change, Runnable undo) throws E {
        table.readLock().lock();
        lock.lock();
        try {
            List<Change> changes = change.make();
            if (!changes.isEmpty()) {
                write(new Entry(changes), undo);
            }
        } finally {
            lock.unlock();
            table.readLock().unlock();
        }
    }

    /** What a change does in memory. */
    interface Mutation<E extends Exception> {
        /** @return what of it is to be on disk */
        List<Change> make() throws E;
    }

    private void write(Entry entry, Runnable undo) {
        waiting.add(entry);
        while (!entry.done && writing) {
            written.awaitUninterruptibly();
        }
        if (!entry.done) {
            writeGroup();
        }
        if (entry.failure != null) {
            undo.run();
            throw new StoreException(entry.failure.getMessage(), entry.failure);
        }
    }

    /** The caller's entry is in the group: others come in only while somebody writes, and then the caller waits. */
    private void writeGroup() {
        List<Entry> group = new ArrayList<>(waiting.subList(0, Math.min(GROUP, waiting.size())));
        waiting.removeAll(group);
        writing = true;
        lock.unlock();
        try {
            commit(group);
        } finally {
            lock.lock();
            writing = false;
            group.forEach(each -> each.done = true);
            written.signalAll();
        }
    }

    private void commit(List<Entry> group) {
        try {
            ledger.commit(group.stream().flatMap(each -> each.changes.stream()).toList());
        } catch (StoreException e) {
            if (group.size() > 1 && ledger.isServed()) {
                // One that is too large must not fail the others.
                group.forEach(each -> commit(List.of(each)));
            } else {
                group.forEach(each -> each.failure = e);
            }
        } catch (RuntimeException | Error e) {
            StoreException failure = new StoreException("the state store failed: " + e, e);
            group.forEach(each -> each.failure = failure);
        }
    }

    /** Changes of one caller. Guarded by {@link Journal#lock}, the failure by whoever writes. */
    private static final class Entry {
        private final List<Change> changes;
        private boolean done;
        private StoreException failure;

        Entry(List<Change> changes) {
            this.changes = changes;
        }
    }
}
