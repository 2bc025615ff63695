package org.ashlar.conformance;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SystemProcess;
import org.opentest4j.AssertionFailedError;

/**
 * The test as a process of the node, called T in the cases: it sends to probes, and what they send to it lies in its
 * inbox until the test takes and answers it. It is public, and may message everyone, being a system process.
 */
final class Tester implements SystemProcess {
    private static final long SECONDS = 60;

    private final Address address;
    private final Supplier<Kernel> kernel;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    /** Guarded by {@link #lock}. */
    private final List<Mail> inbox = new ArrayList<>();

    Tester(Address address, Supplier<Kernel> kernel) {
        this.address = address;
        this.kernel = kernel;
    }

    Address address() {
        return address;
    }

    /** Makes a probe run {@code script}, in which it must {@code report}, and returns what it reports. */
    Journal ask(Probe probe, Script script) {
        return begin(probe, script).journal();
    }

    /** What a probe has seen since it last reported. */
    Journal journal(Probe probe) {
        return ask(probe, Script.script(Command.report()));
    }

    /** Makes a probe run {@code script} in a Request that stays open until somebody answers it. */
    Pending begin(Probe probe, Script script) {
        return ask(probe.address(), Request.of(script.text()).expecting(SECONDS), Optional.empty());
    }

    Pending begin(Probe probe, Script script, Blob blob) {
        return ask(probe.address(), Request.of(script.text()).expecting(SECONDS), Optional.of(blob));
    }

    Pending ask(Address target, Request request, Optional<Blob> blob) {
        return new Pending(kernel.get().ask(address.process(), target, request, blob).toCompletableFuture());
    }

    /** Makes a probe run {@code script} in a Request that expects nothing. */
    void tell(Probe probe, Script script) {
        tell(probe, script.text());
    }

    void tell(Probe probe, String body) {
        kernel.get().tell(address.process(), probe.address(), Request.of(body), Optional.empty());
    }

    void tell(Probe probe, String body, Blob blob) {
        kernel.get().tell(address.process(), probe.address(), Request.of(body), Optional.of(blob));
    }

    @Override
    public void handle(Envelope request, Reply reply) {
        lock.lock();
        try {
            inbox.add(new Mail(request, reply));
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the Request with this body out of the inbox; waits for it. */
    Mail mail(String body) {
        long left = Patience.LIMIT.toNanos();
        lock.lock();
        try {
            while (true) {
                Optional<Mail> found = inbox.stream().filter(hasBody(body)).findFirst();
                if (found.isPresent()) {
                    inbox.remove(found.get());
                    return found.get();
                }
                if (left <= 0) {
                    throw new AssertionFailedError("no Request \"" + body + "\" came; the inbox holds "
                            + inbox.stream().map(Mail::body).toList());
                }
                left = arrived.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionFailedError("interrupted while waiting for a Request \"" + body + "\"", e);
        } finally {
            lock.unlock();
        }
    }

    private static Predicate<Mail> hasBody(String body) {
        return mail -> mail.body().equals(body);
    }

    /** A Request to the tester. */
    record Mail(Envelope envelope, Reply reply) {
        String body() {
            return new String(envelope.message().body(), StandardCharsets.UTF_8);
        }

        Address source() {
            return envelope.source();
        }

        void respond(String body) {
            reply.respond(Response.of(body));
        }
    }
}
