package org.ashlar.tck;

import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SendError;
import org.ashlar.api.process.Reply;

/**
 * A {@link Reply} that keeps what a system process does with it, for tests of one process without a kernel. Like the
 * kernel's own it lets the first answer count.
 */
public final class RecordedReply implements Reply {
    private final Instant arrivedAt;
    private final Set<Capability> held = new HashSet<>();
    private volatile boolean abandoned;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    /** What became of the Request. */
    public sealed interface Outcome {
        /** It was answered. */
        record Answered(Response response, Optional<Blob> blob) implements Outcome { }

        /** It was refused. */
        record Refused() implements Outcome { }

        /** It ended as a send error. */
        record Failed(SendError.Kind kind) implements Outcome { }

        /** It was handed back. */
        record HandedBack() implements Outcome { }
    }

    public RecordedReply() {
        this(Instant.now());
    }

    public RecordedReply(Instant arrivedAt) {
        this.arrivedAt = arrivedAt;
    }

    /** Lets the sender hold {@code capability}. */
    public RecordedReply holding(Capability capability) {
        held.add(capability);
        return this;
    }

    /** A Request from a process of node {@code a.os} to a system process of that node, which wants an answer within a minute. */
    public static Envelope request(String from, String to, byte[] body, Optional<Blob> blob) {
        return new Envelope(1, new Address("a.os", ProcessId.parse(from)), new Address("a.os", ProcessId.parse(to)),
                Optional.empty(), Request.of(body).expecting(60), blob);
    }

    /** Waits for the outcome, at most a minute: on a busy machine what takes milliseconds may take seconds. @throws AssertionError when there is none by then */
    public Outcome outcome() {
        try {
            return outcome.get(60, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within 60 s", e);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The answer. @throws AssertionError when it was refused or handed back, or nothing comes within a minute */
    public Outcome.Answered answer() {
        if (outcome() instanceof Outcome.Answered answered) {
            return answered;
        }
        throw new AssertionError("not answered: " + outcome());
    }

    /** Whether nothing has become of it yet. */
    public boolean isOpen() {
        return !outcome.isDone();
    }

    /** Runs {@code then} at its end, on the thread that ends it; at once when it has ended. */
    public void whenDone(Runnable then) {
        outcome.thenRun(then);
    }

    @Override
    public boolean expected() {
        return !abandoned;
    }

    @Override
    public void refuse() {
        outcome.complete(new Outcome.Refused());
    }

    /** Nobody waits any more, as when the sender is gone. */
    public void abandon() {
        abandoned = true;
    }

    @Override
    public Instant arrivedAt() {
        return arrivedAt;
    }

    @Override
    public boolean senderHolds(Capability capability) {
        return held.contains(capability);
    }

    @Override
    public void respond(Response response, Optional<Blob> blob) {
        outcome.complete(new Outcome.Answered(response, blob));
    }

    @Override
    public void relay(Address source, Response response, Optional<Blob> blob) {
        outcome.complete(new Outcome.Answered(response, blob));
    }

    @Override
    public void fail(SendError.Kind kind) {
        outcome.complete(new Outcome.Failed(kind));
    }

    @Override
    public void handBack() {
        outcome.complete(new Outcome.HandedBack());
    }
}
