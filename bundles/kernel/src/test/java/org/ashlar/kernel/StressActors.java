package org.ashlar.kernel;

import static org.ashlar.kernel.TestNode.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.GuestHost;
import org.ashlar.api.process.GuestTrap;

/** What the guests of {@link KernelStressTest} do at random, and what they noticed. */
final class StressActors {
    /** Nobody is ever given these. */
    static final String FORBIDDEN = "\"forbidden\"";
    private static final int MOST_BLOB = 100_000;

    final Queue<String> faults = new ConcurrentLinkedQueue<>();
    final AtomicInteger deliveries = new AtomicInteger();
    private final TestNode node;
    private final List<Address> targets;
    private final Address forbiddenIssuer;
    private final AtomicLong seeds;
    private final AtomicLong tokens = new AtomicLong();
    private final Map<String, AtomicInteger> ends = new ConcurrentHashMap<>();
    /** By sender and target: the last number sent, and the last seen. */
    private final Map<String, AtomicLong> sent = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> seen = new ConcurrentHashMap<>();

    StressActors(TestNode node, List<Address> targets, Address forbiddenIssuer, long seed) {
        this.node = node;
        this.targets = targets;
        this.forbiddenIssuer = forbiddenIssuer;
        this.seeds = new AtomicLong(seed);
    }

    Capability forbidden() {
        return new Capability(forbiddenIssuer, FORBIDDEN);
    }

    /** One run of one guest. */
    void run(GuestHost host) {
        Random random = new Random(seeds.incrementAndGet() * 0x9E3779B97F4A7C15L);
        while (true) {
            Delivery delivery = host.receive();
            deliveries.incrementAndGet();
            delivery.context().ifPresent(context -> ended(text(context)));
            if (delivery instanceof Delivery.Received(Address source, Request request, var context)) {
                List<Capability> brought = request.capabilities().stream().map(SignedCapability::capability).toList();
                brought.forEach(each -> check(host, each));
                if (random.nextBoolean()) {
                    host.saveCapabilities(brought);
                }
                String body = text(request.body());
                if (body.startsWith("n:")) {
                    saw(source.process(), host.our().process(), Long.parseLong(body.substring(2)));
                } else if (!act(host, random, Integer.parseInt(body))) {
                    return;
                }
            } else if (random.nextBoolean()) {
                host.respond(Response.of("continued"), Optional.empty());
            }
        }
    }

    private void ended(String token) {
        if (ends.computeIfAbsent(token, t -> new AtomicInteger()).incrementAndGet() > 1) {
            faults.add("the Request " + token + " ended twice");
        }
    }

    private void saw(ProcessId from, ProcessId to, long number) {
        long before = seen.computeIfAbsent(from + ">" + to, p -> new AtomicLong()).getAndSet(number);
        if (before >= number) {
            faults.add(to + " got " + number + " of " + from + " after " + before);
        }
    }

    private void check(GuestHost host, Capability capability) {
        if (capability.equals(forbidden())) {
            faults.add(host.our() + " was handed what nobody has");
        }
    }

    /** @return false when it ends */
    private boolean act(GuestHost host, Random random, int ttl) {
        Address other = targets.get(random.nextInt(targets.size()));
        int what = random.nextInt(ttl > 0 ? 60 : 40);
        if (what == 0 && random.nextInt(8) == 0) {
            throw new GuestTrap("at random");
        } else if (what == 1 && random.nextInt(8) == 0) {
            return false;
        } else if (what == 2) {
            host.saveCapabilities(List.of(forbidden(), Capability.messaging(host.our())));
        } else if (what == 3) {
            host.setState(new byte[random.nextInt(64)]);
        } else if (what == 4) {
            // neither answered nor passed on
            return true;
        } else if (what < 36) {
            host.respond(Response.of("answer"), Optional.empty());
        } else if (what < 40) {
            send(host, other, new Request(true, OptionalLong.empty(), body(ttl), Optional.empty(), List.of()), false);
        } else if (what < 50) {
            send(host, other, new Request(random.nextBoolean(), OptionalLong.of(1 + random.nextInt(3)), body(ttl),
                    Optional.empty(), attached(host)), true);
        } else if (what < 52) {
            if (!other.equals(host.our())) {
                host.sendAndAwait(other, new Request(random.nextBoolean(), OptionalLong.of(1), body(ttl), Optional.empty(),
                        List.of()), Optional.empty());
                host.respond(Response.of("awaited"), Optional.empty());
            }
        } else {
            count(host, other, 1 + random.nextInt(5));
            host.respond(Response.of("counted"), Optional.empty());
        }
        return true;
    }

    private void count(GuestHost host, Address other, int numbers) {
        AtomicLong last = sent.computeIfAbsent(host.our().process() + ">" + other.process(), p -> new AtomicLong());
        for (int i = 0; i < numbers; i++) {
            send(host, other, Request.of("n:" + last.incrementAndGet()), false);
        }
    }

    private List<SignedCapability> attached(GuestHost host) {
        List<SignedCapability> attached = new ArrayList<>();
        attached.add(SignedCapability.unsigned(forbidden()));
        attached.add(SignedCapability.unsigned(Capability.messaging(host.our())));
        return attached;
    }

    private void send(GuestHost host, Address other, Request request, boolean withContext) {
        Optional<byte[]> context = withContext
                ? Optional.of((host.our().process() + "-" + tokens.incrementAndGet()).getBytes()) : Optional.empty();
        host.send(new GuestHost.Outgoing(other, request, context, blob(ThreadLocalRandom.current())));
    }

    private static Optional<Blob> blob(Random random) {
        return random.nextInt(4) > 0 ? Optional.empty() : Optional.of(Blob.of(new byte[random.nextInt(MOST_BLOB)]));
    }

    private static byte[] body(int ttl) {
        return Integer.toString(ttl - 1).getBytes();
    }
}
