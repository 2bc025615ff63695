package org.ashlar.sim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Message;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.SignedCapability;

/**
 * What must hold whatever happens:
 * <ul>
 * <li>What a process receives from another is a part of what that sent it, in its order: nothing invented, doubled or overtaken.
 * <li>A Request that expects an answer ends once: with a Response that its source gave, or a send error, in time. When the node
 * that it went to crashes, it ends soon, whatever its time.
 * <li>A capability comes only from its issuer, or from one that lawfully has it.
 * </ul>
 * Whatever breaks one of these is a {@link Violation} at once. Not for several threads: a simulation has one.
 */
final class Invariants {
    /** How much later than its time a Request may end: the kernel looks every 50 ms, and clocks run at different rates. */
    private static final long LATE_NANOS = 5_000_000_000L;
    /** How long after a crash those may wait that wait for the node: its silence must be noticed, and it is waited for. */
    private static final long CRASH_NANOS = 150_000_000_000L;
    /** The same after its next start: then it says itself that it knows nothing of what was. */
    private static final long START_NANOS = 80_000_000_000L;

    private static final int SHOWN = 24;

    private final Loop loop;
    private final Trace trace;
    private final Map<String, Deque<Integer>> requests = new HashMap<>();
    private final Map<String, Map<Integer, Integer>> responses = new HashMap<>();
    private final Map<String, Set<Capability>> rights = new HashMap<>();
    private final Map<Long, Expectation> open = new HashMap<>();
    private final PriorityQueue<Expectation> byDeadline = new PriorityQueue<>();
    private final Counts counts = new Counts();
    /** Whose words are all seen here: what others say is not. */
    private final Set<Address> watched = new HashSet<>();
    /** What the kernel may say in the name of those that ended. */
    private final Set<String> partings = new HashSet<>();
    private long tokens;
    private String failure;
    private Throwable cause;

    private static final class Counts {
        long sent;
        long received;
        long answered;
        long failed;
    }

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

    Invariants(Loop loop, Trace trace) {
        this.loop = loop;
        this.trace = trace;
    }

    Simulation.Tally counts() {
        return new Simulation.Tally(counts.sent, counts.received, counts.answered, counts.failed);
    }

    /** Ends the simulation: called where it is seen, which may be in the middle of the code under test. */
    Violation broken(String what) {
        if (failure == null) {
            failure = what;
        }
        return new Violation(what, null);
    }

    /** A thread ended with what nobody caught: then nobody does its work. */
    void ended(String thread, Throwable why) {
        if (failure == null) {
            failure = "the thread " + thread + " ended with " + why;
            cause = why;
        }
    }

    void note(String what) {
        trace.add(loop.now(), what);
    }

    /** From now on all that it says is told. */
    void watch(Address process) {
        watched.add(process);
    }

    /** That may be sent in its name when it has ended. */
    void parting(Address from, Address to, Request request) {
        partings.add(from + ">" + to + digest(request));
    }

    void sent(Address from, Address to, Request request) {
        counts.sent++;
        note("send " + from + " " + to + " " + shown(request));
        requests.computeIfAbsent(from + ">" + to, pair -> new ArrayDeque<>()).add(digest(request));
    }

    void received(Address by, Address from, Request request) {
        counts.received++;
        note("recv " + by + " " + from + " " + shown(request));
        if (!watched.contains(from)) {
            return;
        }
        Deque<Integer> sent = requests.getOrDefault(from + ">" + by, new ArrayDeque<>());
        int wanted = digest(request);
        if (partings.contains(from + ">" + by + wanted)) {
            return;
        }
        while (!sent.isEmpty()) {
            if (sent.poll() == wanted) {
                found(by, from, wanted);
                lawful(by, from, request);
                return;
            }
        }
        throw broken(by + " received from " + from + " what that did not send, or had again, or after what was sent later: " + shown(request));
    }

    private void lawful(Address by, Address from, Message message) {
        for (SignedCapability each : message.capabilities()) {
            Capability carried = each.capability();
            if (!carried.issuer().equals(from) && !has(from, carried)) {
                throw broken(by + " received the capability " + carried + " from " + from + ", which never lawfully had it");
            }
        }
    }

    /** It received those, or began with them, and may keep them. */
    void has(Address holder, Iterable<Capability> capabilities) {
        capabilities.forEach(rights.computeIfAbsent(holder.toString(), name -> new HashSet<>())::add);
    }

    private boolean has(Address holder, Capability capability) {
        return rights.getOrDefault(holder.toString(), Set.of()).contains(capability);
    }

    /** What the kernel says that a process holds. */
    void holds(Address holder, Iterable<Capability> capabilities) {
        for (Capability each : capabilities) {
            if (!each.issuer().equals(holder) && !each.params().equals(Capability.MESSAGING) && !has(holder, each)) {
                throw broken(holder + " holds the capability " + each + ", which it never lawfully got");
            }
        }
    }

    void responded(Address by, Message response) {
        note("resp " + by + " " + shown(response));
        responses.computeIfAbsent(by.toString(), name -> new HashMap<>()).merge(digest(response), 1, Integer::sum);
    }

    /** @param after how long it may take, in nanoseconds of real time @return what it is known by */
    long expects(Address from, Address to, Request request, long after, Sender sender) {
        long token = ++tokens;
        Expectation made = new Expectation(token, from, to, digest(request), loop.now() + Math.min(after, Long.MAX_VALUE / 4) + LATE_NANOS, sender);
        open.put(token, made);
        byDeadline.add(made);
        return token;
    }

    void answered(long token, Address by, Message response) {
        counts.answered++;
        Expectation ended = end(token);
        note("answ " + ended.from + " " + by + " " + shown(response));
        if (!watched.contains(by)) {
            return;
        }
        Map<Integer, Integer> given = responses.getOrDefault(by.toString(), Map.of());
        int digest = digest(response);
        if (given.getOrDefault(digest, 0) == 0) {
            throw broken(ended.from + " was given a Response of " + by + ", which that did not give, or not so often: " + shown(response));
        }
        given.merge(digest, -1, Integer::sum);
        lawful(ended.from, by, response);
    }

    void failed(long token, String why) {
        counts.failed++;
        Expectation ended = end(token);
        note("fail " + ended.from + " " + ended.to + " " + why);
    }

    private Expectation end(long token) {
        Expectation ended = open.remove(token);
        if (ended == null) {
            throw broken("a Request ended twice, or was never sent: number " + token);
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
    private void found(Address by, Address from, int digest) {
        open.values().stream().filter(each -> each.lost && each.digest == digest && each.from.equals(from) && each.to.equals(by)).forEach(each -> {
            each.lost = false;
            moved(each, each.ownDeadline);
        });
    }

    /** To be called after every step. */
    void check() {
        if (failure != null) {
            throw new Violation(failure, cause);
        }
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
            throw broken("a Request of " + late.from + " to " + late.to + " has not ended");
        }
        late.deadline = loop.now() + LATE_NANOS;
        byDeadline.add(late);
    }

    /** How many Requests of those that are still there have not ended. */
    long openCount() {
        return open.values().stream().filter(each -> !each.orphaned && !each.sender.isGone()).count();
    }

    private static int digest(Message message) {
        return 31 * Arrays.hashCode(message.body()) + message.metadata().hashCode();
    }

    private static String shown(Message message) {
        byte[] body = message.body();
        return body.length + ":" + new String(body, 0, Math.min(body.length, SHOWN), StandardCharsets.ISO_8859_1);
    }
}
