package org.ashlar.sim;

import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.ashlar.api.message.Address;

/** The Requests that wait for their end, each of which comes once and in time. Not for several threads. */
final class Expectations {
    /** How much later than its time a Request may end: the kernel looks every 50 ms, and clocks run at different rates. */
    private static final long LATE_NANOS = 5_000_000_000L;
    /** How long after a crash those may wait that wait for the node: its silence must be noticed, and it is waited for. */
    private static final long CRASH_NANOS = 150_000_000_000L;
    /** The same after its next start: then it says itself that it knows nothing of what was. */
    private static final long START_NANOS = 80_000_000_000L;

    private final Loop loop;
    private final Function<String, Violation> broken;
    private final Map<Long, Expectation> open = new HashMap<>();
    private final PriorityQueue<Expectation> byDeadline = new PriorityQueue<>();
    private long tokens;

    /** A Request that waits for its end. */
    static final class Expectation implements Comparable<Expectation> {
        private final long token;
        private final Address from;
        private final Address to;
        private final int digest;
        private final long ownDeadline;
        private long deadline;
        /** The node that it went to has crashed since, and as far as is known it did not get to the next run of that. */
        private boolean lost;
        /** Whoever waits is not there any more, and need not hear of it. */
        private boolean orphaned;
        private final Sender sender;

        private Expectation(long token, Address from, Address to, int digest, long deadline, Sender sender) {
            this.token = token;
            this.from = from;
            this.to = to;
            this.digest = digest;
            this.ownDeadline = deadline;
            this.deadline = deadline;
            this.sender = sender;
        }

        Address from() {
            return from;
        }

        Address to() {
            return to;
        }

        @Override
        public int compareTo(Expectation other) {
            return deadline == other.deadline ? Long.compare(token, other.token) : Long.compare(deadline, other.deadline);
        }
    }

    /** Whoever waits for answers. */
    interface Sender {
        /** Since when it has been waiting for that Request's end, or for whatever comes; {@code Long.MAX_VALUE} when it is not. */
        long waitingSince(long token);

        boolean isGone();
    }

    /** @param broken makes what is thrown when one ends twice, or not in time */
    Expectations(Loop loop, Function<String, Violation> broken) {
        this.loop = loop;
        this.broken = broken;
    }

    /** @param after how long it may take, in nanoseconds of real time @return what it is known by */
    long expects(Address from, Address to, int digest, long after, Sender sender) {
        long token = ++tokens;
        Expectation made = new Expectation(token, from, to, digest, loop.now() + Math.min(after, Long.MAX_VALUE / 4) + LATE_NANOS, sender);
        open.put(token, made);
        byDeadline.add(made);
        return token;
    }

    Expectation end(long token) {
        Expectation ended = open.remove(token);
        if (ended == null) {
            throw broken.apply("a Request ended twice, or was never sent: number " + token);
        }
        return ended;
    }

    /** Nobody waits for it any more; its end may still come, once. */
    void orphaned(long token) {
        Expectation left = open.get(token);
        if (left != null) {
            left.orphaned = true;
        }
    }

    /** That node is no more: those elsewhere that wait for it hear of that soon. */
    void crashed(String node) {
        open.values().stream().filter(each -> each.to.node().equals(node) && !each.from.node().equals(node)).forEach(each -> {
            each.lost = true;
            hurry(each, loop.now() + CRASH_NANOS);
        });
    }

    /** It has come back, without what it had been sent. */
    void started(String node) {
        open.values().stream().filter(each -> each.lost && each.to.node().equals(node)).forEach(each -> hurry(each, loop.now() + START_NANOS));
    }

    private void hurry(Expectation waiting, long soon) {
        moved(waiting, Math.min(soon, waiting.deadline));
    }

    private void moved(Expectation waiting, long deadline) {
        byDeadline.remove(waiting);
        waiting.deadline = deadline;
        byDeadline.add(waiting);
    }

    /** What waited for the node got there, to its next run, which may take its time. */
    void found(Address by, Address from, int digest) {
        open.values().stream().filter(each -> each.lost && each.digest == digest && each.from.equals(from) && each.to.equals(by)).forEach(each -> {
            each.lost = false;
            moved(each, each.ownDeadline);
        });
    }

    /** Those that are late are looked at. */
    void check() {
        while (!byDeadline.isEmpty() && byDeadline.peek().deadline < loop.now()) {
            overdue(byDeadline.poll());
        }
    }

    private void overdue(Expectation late) {
        if (open.get(late.token) != late) {
            return;
        }
        if (late.orphaned || late.sender.isGone()) {
            open.remove(late.token);
            return;
        }
        if (late.sender.waitingSince(late.token) < loop.now() - LATE_NANOS) {
            throw broken.apply("a Request of " + late.from + " to " + late.to + " has not ended");
        }
        late.deadline = loop.now() + LATE_NANOS;
        byDeadline.add(late);
    }

    /** How many Requests of those that are still there have not ended. */
    long openCount() {
        return open.values().stream().filter(each -> !each.orphaned && !each.sender.isGone()).count();
    }
}
