package org.ashlar.net;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.ashlar.api.net.Link;

/**
 * Two links that a router has joined: what comes on one goes out on the other, unread. Each direction has a virtual thread and
 * no room of its own, so that who does not read slows who writes. When one direction ends, both do.
 */
final class Passthrough {
    private final String from;
    private final String to;
    private final Connection caller;
    private final Connection called;
    private final Quota quota;
    private final Machine machine;
    private final Consumer<Passthrough> ended;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong bytes = new AtomicLong();
    private volatile long lastTraffic;

    Passthrough(String from, String to, Connection caller, Connection called, Quota quota, Machine machine, Consumer<Passthrough> ended) {
        this.from = from;
        this.to = to;
        this.caller = caller;
        this.called = called;
        this.quota = quota;
        this.machine = machine;
        this.ended = ended;
        lastTraffic = machine.nanos();
    }

    /** Begins, with what had come on either link before. */
    void start(byte[] fromCaller, byte[] fromCalled) {
        machine.start("led-to-" + to, () -> copy(caller.link(), called.link(), fromCaller));
        machine.start("led-from-" + to, () -> copy(called.link(), caller.link(), fromCalled));
    }

    private void copy(Link in, Link out, byte[] first) {
        try {
            Optional<byte[]> piece = first.length > 0 ? Optional.of(first) : in.receive();
            while (piece.isPresent() && quota.take(piece.get().length)) {
                bytes.addAndGet(piece.get().length);
                lastTraffic = machine.nanos();
                out.send(List.of(piece.get()));
                piece = in.receive();
            }
        } catch (IOException e) {
            // Which of the two it was does not matter: both end.
        } finally {
            close();
        }
    }

    void close() {
        if (over.compareAndSet(false, true)) {
            caller.link().close();
            called.link().close();
            ended.accept(this);
        }
    }

    boolean uses(Predicate<Connection> which) {
        return which.test(caller) || which.test(called);
    }

    String from() {
        return from;
    }

    String to() {
        return to;
    }

    long bytes() {
        return bytes.get();
    }

    long lastTraffic() {
        return lastTraffic;
    }
}
