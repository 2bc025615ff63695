package org.ashlar.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A response on its way out. {@link Process#response} begins one, {@link #send} ends it. */
public final class OutgoingResponse {

    private final List<Capability> capabilities = new ArrayList<>();
    private byte[] body = new byte[0];
    private boolean inherit;
    private Optional<String> metadata = Optional.empty();
    private Optional<Blob> blob = Optional.empty();

    OutgoingResponse() {
    }

    /** The content; empty unless set. */
    public OutgoingResponse body(byte[] bytes) {
        body = Objects.requireNonNull(bytes, "bytes");
        return this;
    }

    /** The content, sent as UTF-8. */
    public OutgoingResponse body(String text) {
        return body(Utf8.encode(text));
    }

    /** Free text beside the body, JSON by convention. */
    public OutgoingResponse metadata(String text) {
        metadata = Optional.of(text);
        return this;
    }

    /** Bytes that travel beside the body. */
    public OutgoingResponse blob(Blob value) {
        blob = Optional.of(value);
        return this;
    }

    /** Attaches a capability that this process holds or issues; others are left out by the node. */
    public OutgoingResponse capability(Capability capability) {
        capabilities.add(Objects.requireNonNull(capability, "capability"));
        return this;
    }

    /** Lets the blob of the message being worked on travel along. */
    public OutgoingResponse inherit() {
        inherit = true;
        return this;
    }

    /** Answers the request being worked on. Without one the node reports it, and nothing is sent. */
    public void send() {
        Process.send(this);
    }

    byte[] body() {
        return body;
    }

    boolean inherits() {
        return inherit;
    }

    Optional<String> metadata() {
        return metadata;
    }

    Optional<Blob> blob() {
        return blob;
    }

    List<Capability> capabilities() {
        return capabilities;
    }
}
