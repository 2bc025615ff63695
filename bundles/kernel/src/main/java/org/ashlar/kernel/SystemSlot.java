package org.ashlar.kernel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.service.Providers;

/**
 * The slot of a system process. What serves it is whichever provider is registered for its id; none, for a while, is no
 * reason to lose mail.
 * <p>
 * Requests of one sender are handled one after another, those of different senders at the same time, at most
 * {@link #MAX_CALLS}: each sender has a lane, and a lane is worked off by one task.
 * <p>
 * When a provider departs, no new call is made to it and the calls under way are waited for (bounded); what it hands back
 * its successor gets, and what it has neither answered nor handed back after the drain bound ends as a send error.
 */
final class SystemSlot extends Slot {
    /** Most calls to one system process at a time. */
    static final int MAX_CALLS = 64;
    private static final int CALLS_BETWEEN_TURNS = 32;
    /** How often Requests are forgotten that nobody waits for any more: there may be very many. */
    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Node node;
    private final Executor executor;
    private final Providers<SystemProcess> providers;
    private final Set<SystemReply> owed = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}: senders with Requests that wait or are being handled. */
    private final Map<Address, Lane> lanes = new HashMap<>();
    /** Guarded by {@link #lock}: lanes that wait for a free call. */
    private final Queue<Lane> ready = new ArrayDeque<>();
    /** Guarded by {@link #lock}: what providers that are still here leave to their successors. */
    private final Map<SystemProcess, List<Item.Mail>> returned = new IdentityHashMap<>();
    /** Guarded by {@link #lock}: providers that have left, and when, on the node's clock. */
    private final Map<SystemProcess, Long> departed = new IdentityHashMap<>();
    /** Guarded by {@link #lock}: of the services of the providers. */
    private final Map<SystemProcess, Map<String, Object>> properties = new IdentityHashMap<>();
    private int calls;
    /** Used by the clock's thread. */
    private long sweepAt = Long.MIN_VALUE;
    /** Of the preferred provider; while there is none, of the last. */
    private volatile boolean isPublic;
    private volatile boolean isNetwork;

    /** @param executor runs the calls */
    SystemSlot(Address address, Node node, Executor executor) {
        super(address, node.heap());
        this.node = node;
        this.executor = executor;
        this.providers = node.services().processes();
    }

    /** @param service the properties of its service */
    void arrive(SystemProcess provider, Map<String, Object> service) {
        lock.lock();
        try {
            properties.put(provider, service);
            providers.add(provider, service);
            choose(providers.all());
        } finally {
            lock.unlock();
        }
        mailArrived();
    }

    /** @param serving the preferred one first */
    private void choose(List<SystemProcess> serving) {
        if (!serving.isEmpty()) {
            Map<String, Object> preferred = properties.getOrDefault(serving.getFirst(), Map.of());
            isPublic = Boolean.TRUE.equals(preferred.get(SystemProcess.PUBLIC));
            isNetwork = Boolean.TRUE.equals(preferred.get(SystemProcess.NETWORK));
        }
    }

    /**
     * Returns when no call to {@code provider} is under way, or the drain bound is over. Its component may still answer
     * or hand back what it owes, which it does when it is deactivated, a moment later.
     */
    void depart(SystemProcess provider) {
        lock.lock();
        try {
            choose(providers.all().stream().filter(each -> each != provider).toList());
            properties.remove(provider);
        } finally {
            lock.unlock();
        }
        providers.remove(provider);
        long now = node.clock().nanos();
        lock.lock();
        try {
            // One that came meanwhile was chosen while this one still counted.
            choose(providers.all());
            departed.put(provider, now);
            node.agenda().add(this, now);
            List<Item.Mail> back = returned.remove(provider);
            if (back != null) {
                back.forEach(mailbox()::handBackAgain);
            }
            mailArrived();
        } finally {
            lock.unlock();
        }
    }

    /** Ends what providers that have left still owe after the drain bound, and now and then forgets what nobody waits for. */
    void tidy(long now) {
        if (now >= sweepAt) {
            owed.removeIf(reply -> reply.mail().exchange() == null || !reply.expected());
            sweepAt = now + SWEEP_NANOS;
        }
        Set<SystemProcess> late = new HashSet<>();
        lock.lock();
        try {
            departed.entrySet().removeIf(each -> each.getValue() < now - Providers.DRAIN.toNanos() && late.add(each.getKey()));
        } finally {
            lock.unlock();
        }
        if (late.isEmpty()) {
            return;
        }
        for (SystemReply reply : owed) {
            if (late.contains(reply.provider()) && reply.giveUp()) {
                node.printer().print(id(), 0, id() + " left without answering a Request of "
                        + reply.mail().envelope().source());
            }
        }
    }

    /** When {@link #tidy} has something to do again; {@code Long.MAX_VALUE} when it has not. */
    long nextTidying(long now) {
        lock.lock();
        try {
            return !departed.isEmpty() ? now : owed.isEmpty() ? Long.MAX_VALUE : sweepAt;
        } finally {
            lock.unlock();
        }
    }

    @Override
    void mailArrived() {
        lock.lock();
        try {
            if (providers.preferred().isEmpty()) {
                return;
            }
            for (Item item = mailbox().poll(); item != null; item = mailbox().poll()) {
                if (item instanceof Item.Mail mail) {
                    Lane lane = lanes.get(mail.envelope().source());
                    if (lane == null) {
                        lane = new Lane(mail.envelope().source());
                        lanes.put(lane.sender(), lane);
                        ready.add(lane);
                    }
                    lane.add(mail);
                }
            }
            startReady();
        } finally {
            lock.unlock();
        }
    }

    private void startReady() {
        while (calls < MAX_CALLS && !ready.isEmpty()) {
            Lane lane = ready.poll();
            calls++;
            executor.execute(() -> work(lane));
        }
    }

    private void work(Lane lane) {
        boolean more = true;
        for (int done = 1; more; done++) {
            if (done % CALLS_BETWEEN_TURNS == 0) {
                Thread.yield(); // a call may not have waited for anything, and guests wait for this processor
            }
            Optional<Providers.Lease<SystemProcess>> lease = providers.lease();
            try {
                Optional<Item.Mail> next = nextOf(lane, lease.isPresent());
                next.ifPresent(mail -> call(lease.get(), mail));
                more = next.isPresent();
            } finally {
                lease.ifPresent(Providers.Lease::close);
            }
        }
    }

    /** The lane's next Request; empty, and the call is given up, when there is none or nobody to give it to. */
    private Optional<Item.Mail> nextOf(Lane lane, boolean served) {
        lock.lock();
        try {
            if (served && !lane.waiting().isEmpty()) {
                return Optional.of(lane.waiting().poll());
            }
            lane.waiting().forEach(mailbox()::handBack);
            lanes.remove(lane.sender());
            calls--;
            mailArrived();
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void call(Providers.Lease<SystemProcess> lease, Item.Mail mail) {
        SystemReply reply = new SystemReply(this, lease.service(), mail, node);
        if (mail.repliable()) {
            owed.add(reply);
            node.agenda().add(this, node.clock().nanos() + SWEEP_NANOS);
        }
        received().increment();
        mailbox().consumed(mail);
        handle(lease, reply);
    }

    /**
     * Whatever it throws: were it not caught, the lane would never move again. What one that is taken out for it was given
     * first, and did not answer, is for the next.
     */
    private void handle(Providers.Lease<SystemProcess> lease, SystemReply reply) {
        try {
            lease.service().handle(reply.mail().envelope(), reply);
            lease.works();
        } catch (Exception | Error e) {
            if (lease.failed(e)) {
                reply.handBack();
            } else {
                node.report(id() + " failed to handle a Request of " + reply.mail().envelope().source(), e);
                reply.giveUp();
            }
        }
    }

    /** The Request of {@code reply} is dealt with. */
    void settled(SystemReply reply) {
        owed.remove(reply);
    }

    /** Takes back a Request that a provider leaves to its successor: it waits until that provider has gone. */
    void takeBack(SystemProcess provider, Item.Mail mail) {
        lock.lock();
        try {
            if (providers.all().contains(provider)) {
                returned.computeIfAbsent(provider, p -> new ArrayList<>()).add(mail);
            } else {
                mailbox().handBackAgain(mail);
                mailArrived();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    boolean isPublic() {
        return isPublic;
    }

    /** Whether messages from other nodes come to it. */
    boolean isNetwork() {
        return isNetwork;
    }

    @Override
    boolean isTrusted() {
        return true;
    }

    @Override
    boolean isServed() {
        return providers.preferred().isPresent();
    }

    @Override
    ProcessStatus status() {
        return new ProcessStatus(id(), ProcessStatus.Kind.SYSTEM,
                isServed() ? ProcessStatus.State.RUNNING : ProcessStatus.State.EMPTY, isPublic, OnExit.RESTART,
                Optional.empty(), Optional.empty(), false, Optional.empty(), 0, Optional.empty(), Optional.empty(),
                mailbox().messages(), mailbox().bytes(), received().sum(), sent().sum(), outstanding().size(), owed.size(), 0,
                node.capabilities().of(id()).stream().map(SignedCapability::capability).toList());
    }
}
