package org.ashlar.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * A request on its way out. {@link Process#request} begins one, {@link #send} or {@link #await} ends it; it may be
 * sent more than once.
 */
public final class OutgoingRequest {

    private final Address target;
    private final List<Capability> capabilities = new ArrayList<>();
    private byte[] body = new byte[0];
    private boolean inherit;
    private OptionalLong expectsResponse = OptionalLong.empty();
    private Optional<String> metadata = Optional.empty();
    private Optional<byte[]> context = Optional.empty();
    private Optional<Blob> blob = Optional.empty();

    OutgoingRequest(Address target) {
        this.target = Objects.requireNonNull(target, "target");
    }

    /** The content; empty unless set. */
    public OutgoingRequest body(byte[] bytes) {
        body = Objects.requireNonNull(bytes, "bytes");
        return this;
    }

    /** The content, sent as UTF-8. */
    public OutgoingRequest body(String text) {
        return body(Utf8.encode(text));
    }

    /** Free text beside the body, JSON by convention. */
    public OutgoingRequest metadata(String text) {
        metadata = Optional.of(text);
        return this;
    }

    /**
     * Asks for a response. If none comes in time, a {@link SendError} does.
     *
     * @param timeout not negative; the node counts whole seconds, so a part of one is rounded up
     */
    public OutgoingRequest expects(long timeout, TimeUnit unit) {
        if (timeout < 0) {
            throw new IllegalArgumentException("a timeout cannot be negative: " + timeout);
        }
        long seconds = unit.toSeconds(timeout);
        boolean exact = unit.convert(seconds, TimeUnit.SECONDS) == timeout;
        expectsResponse = OptionalLong.of(exact ? seconds : seconds + 1);
        return this;
    }

    /** Bytes that come back with the response or send error, and travel nowhere. */
    public OutgoingRequest context(byte[] bytes) {
        context = Optional.of(bytes);
        return this;
    }

    /** A context in text, kept as UTF-8. */
    public OutgoingRequest context(String text) {
        return context(Utf8.encode(text));
    }

    /** Bytes that travel beside the body. */
    public OutgoingRequest blob(Blob value) {
        blob = Optional.of(value);
        return this;
    }

    /** Attaches a capability that this process holds or issues; others are left out by the node. */
    public OutgoingRequest capability(Capability capability) {
        capabilities.add(Objects.requireNonNull(capability, "capability"));
        return this;
    }

    /**
     * Passes on the request being worked on: the receiver answers whoever asked us, and our last blob travels along
     * unless another is set.
     */
    public OutgoingRequest inherit() {
        inherit = true;
        return this;
    }

    /** Sends it and goes on. A response arrives through {@link Process#receive}. */
    public void send() {
        Process.send(this);
    }

    /**
     * Sends it and waits for the response; other mail waits meanwhile. Fetch the blob of the message being worked
     * on beforehand, since the response takes its place.
     *
     * @throws IllegalStateException if no response is expected, or the request goes to this very process
     * @throws SendFailedException if no response comes
     */
    public Response await() {
        if (expectsResponse.isEmpty()) {
            throw new IllegalStateException("await() needs expects(timeout, unit): a request without it gets no response");
        }
        if (target.equals(Process.our())) {
            throw new IllegalStateException("a process cannot await its own answer: " + target);
        }
        return Process.await(this);
    }

    Address target() {
        return target;
    }

    byte[] body() {
        return body;
    }

    boolean inherits() {
        return inherit;
    }

    OptionalLong expectsResponse() {
        return expectsResponse;
    }

    Optional<String> metadata() {
        return metadata;
    }

    Optional<byte[]> context() {
        return context;
    }

    Optional<Blob> blob() {
        return blob;
    }

    List<Capability> capabilities() {
        return capabilities;
    }
}
