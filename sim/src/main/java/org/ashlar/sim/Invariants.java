package org.ashlar.sim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
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
    private static final int SHOWN = 24;

    private final Loop loop;
    private final Trace trace;
    private final Map<String, Deque<Integer>> requests = new HashMap<>();
    private final Map<String, Map<Integer, Integer>> responses = new HashMap<>();
    private final Map<String, Set<Capability>> rights = new HashMap<>();
    private final Expectations expectations;
    private final Counts counts = new Counts();
    /** Whose words are all seen here: what others say is not. */
    private final Set<Address> watched = new HashSet<>();
    /** What the kernel may say in the name of those that ended. */
    private final Set<String> partings = new HashSet<>();
    private String failure;
    private Throwable cause;

    private static final class Counts {
        long sent;
        long received;
        long answered;
        long failed;
    }

    Invariants(Loop loop, Trace trace) {
        this.loop = loop;
        this.trace = trace;
        this.expectations = new Expectations(loop, this::broken);
    }

    /** The Requests that wait for their end. */
    Expectations expectations() {
        return expectations;
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
                expectations.found(by, from, wanted);
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
    long expects(Address from, Address to, Request request, long after, Expectations.Sender sender) {
        return expectations.expects(from, to, digest(request), after, sender);
    }

    void answered(long token, Address by, Message response) {
        counts.answered++;
        Expectations.Expectation ended = expectations.end(token);
        note("answ " + ended.from() + " " + by + " " + shown(response));
        if (!watched.contains(by)) {
            return;
        }
        Map<Integer, Integer> given = responses.getOrDefault(by.toString(), Map.of());
        int digest = digest(response);
        if (given.getOrDefault(digest, 0) == 0) {
            throw broken(ended.from() + " was given a Response of " + by + ", which that did not give, or not so often: " + shown(response));
        }
        given.merge(digest, -1, Integer::sum);
        lawful(ended.from(), by, response);
    }

    void failed(long token, String why) {
        counts.failed++;
        Expectations.Expectation ended = expectations.end(token);
        note("fail " + ended.from() + " " + ended.to() + " " + why);
    }

    /** To be called after every step. */
    void check() {
        if (failure != null) {
            throw new Violation(failure, cause);
        }
        expectations.check();
    }

    private static int digest(Message message) {
        return 31 * Arrays.hashCode(message.body()) + message.metadata().hashCode();
    }

    private static String shown(Message message) {
        byte[] body = message.body();
        return body.length + ":" + new String(body, 0, Math.min(body.length, SHOWN), StandardCharsets.ISO_8859_1);
    }
}
