package org.ashlar.databases;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.ashlar.api.message.ProcessId;
import org.ashlar.codec.DatabaseError;
import org.ashlar.codec.DatabaseKey;
import org.ashlar.senders.Departures;

/**
 * Transactions that are not committed yet: changes kept in the heap. Each belongs to the process that began it and to one
 * database; when the process ends it is dropped.
 */
final class Transactions implements Departures.Holdings {
    /** Transactions of one process. */
    static final int PER_PROCESS = 16;
    /** Changes in one transaction, and what they may weigh together, in bytes. */
    static final int MAX_CHANGES = 10_000;
    static final long MAX_WEIGHT = 64L << 20;
    /** What all that are open may weigh together, in bytes. */
    static final long MAX_ALL = 256L << 20;

    private final SecureRandom random = new SecureRandom();
    /** Guarded by this. */
    private final Map<Long, Transaction> all = new HashMap<>();
    private long weight;

    private static final class Transaction {
        private final ProcessId process;
        private final DatabaseKey key;
        private final List<Step.Change> changes = new ArrayList<>();
        private long weight;
        private long usedAt = System.currentTimeMillis();

        Transaction(ProcessId process, DatabaseKey key) {
            this.process = process;
            this.key = key;
        }
    }

    synchronized long begin(ProcessId process, DatabaseKey key) throws Refusal {
        if (all.values().stream().filter(open -> open.process.equals(process)).count() >= PER_PROCESS) {
            throw Refusal.because(process + " has " + PER_PROCESS + " transactions open, the most it may have; commit some");
        }
        long id = random.nextLong();
        while (all.containsKey(id)) {
            id = random.nextLong();
        }
        all.put(id, new Transaction(process, key));
        return id;
    }

    synchronized void add(ProcessId process, DatabaseKey key, long id, Step.Write write) throws Refusal {
        Transaction open = get(process, key, id);
        if (open.changes.size() >= MAX_CHANGES || open.weight + write.weight() > MAX_WEIGHT || weight + write.weight() > MAX_ALL) {
            throw Refusal.because("a transaction has at most " + MAX_CHANGES + " changes of " + MAX_WEIGHT
                    + " bytes together, and all that are open at most " + MAX_ALL + " bytes; commit and begin another");
        }
        if (write.change().alone()) {
            throw Refusal.because("this statement cannot be part of a transaction");
        }
        open.changes.add(write.change());
        open.weight += write.weight();
        weight += write.weight();
        open.usedAt = System.currentTimeMillis();
    }

    /** Ends it: the changes in their order. */
    synchronized List<Step.Change> take(ProcessId process, DatabaseKey key, long id) throws Refusal {
        Transaction open = get(process, key, id);
        all.remove(id);
        weight -= open.weight;
        return open.changes;
    }

    private Transaction get(ProcessId process, DatabaseKey key, long id) throws Refusal {
        Transaction open = all.get(id);
        if (open == null || !open.process.equals(process) || !open.key.equals(key)) {
            throw new Refusal(new DatabaseError.NoTx(id));
        }
        return open;
    }

    @Override
    public synchronized boolean isEmpty() {
        return all.isEmpty();
    }

    @Override
    public synchronized void closeEnded(Departures.Ended ended) {
        drop(open -> ended.since(open.process, open.usedAt));
    }

    /** Those on a database that is removed. */
    synchronized void drop(DatabaseKey key) {
        drop(open -> open.key.equals(key));
    }

    private void drop(Predicate<Transaction> which) {
        all.values().removeIf(open -> {
            boolean drop = which.test(open);
            weight -= drop ? open.weight : 0;
            return drop;
        });
    }
}
