package org.ashlar.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.ashlar.api.process.PrintSink;
import org.ashlar.api.process.Printout;
import org.opentest4j.AssertionFailedError;

/** Everything that was printed, in order. */
final class Printouts implements PrintSink {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition printed = lock.newCondition();
    /** Guarded by {@link #lock}. */
    private final List<Printout> all = new ArrayList<>();

    @Override
    public void print(Printout printout) {
        lock.lock();
        try {
            all.add(printout);
            printed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What has been printed so far of, or by, a process, at one level. */
    List<String> of(Probe source, int verbosity) {
        lock.lock();
        try {
            return all.stream().filter(about(source, verbosity)).map(Printout::text).toList();
        } finally {
            lock.unlock();
        }
    }

    List<Printout> where(Predicate<Printout> wanted) {
        lock.lock();
        try {
            return all.stream().filter(wanted).toList();
        } finally {
            lock.unlock();
        }
    }

    /** The first line about a process that contains {@code text}; waits for it. */
    Printout line(Probe source, int verbosity, String text) {
        return lines(source, verbosity, text, 1).getFirst();
    }

    /** The first {@code count} lines about a process that contain {@code text}; waits for them. */
    List<Printout> lines(Probe source, int verbosity, String text, int count) {
        return first(count, about(source, verbosity).and(line -> line.text().contains(text)),
                "about " + source.id() + " at level " + verbosity + " containing \"" + text + "\"");
    }

    private List<Printout> first(int count, Predicate<Printout> wanted, String description) {
        long left = Patience.LIMIT.toNanos();
        lock.lock();
        try {
            while (true) {
                List<Printout> found = all.stream().filter(wanted).limit(count).toList();
                if (found.size() == count) {
                    return found;
                }
                if (left <= 0) {
                    throw new AssertionFailedError("of " + count + " printouts " + description + " came only " + found);
                }
                left = printed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionFailedError("interrupted while waiting for a printout " + description, e);
        } finally {
            lock.unlock();
        }
    }

    private static Predicate<Printout> about(Probe source, int verbosity) {
        return line -> line.source().equals(source.id()) && line.verbosity() == verbosity;
    }
}
