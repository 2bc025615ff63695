package org.ashlar.guest;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.GuestHost;
import org.ashlar.api.process.GuestStopped;
import org.ashlar.api.process.SpawnRequest;
import org.ashlar.api.process.Spawned;
import org.ashlar.api.wasm.Fuel;

/** A host whose mail is laid out beforehand, and which remembers what a guest did. When the mail is over it stops the guest. */
class ScriptedHost implements GuestHost {
    static final Address OUR = Address.parse("node.os@probe:test:node.os");
    static final Address TESTER = Address.parse("node.os@tester:test:node.os");

    final Deque<Delivery> mail = new ArrayDeque<>();
    final Deque<Delivery> awaited = new ArrayDeque<>();
    final List<Outgoing> sent = new ArrayList<>();
    final List<Response> responses = new ArrayList<>();
    final List<Optional<Blob>> responseBlobs = new ArrayList<>();
    final List<String> printed = new ArrayList<>();
    final List<SpawnRequest> spawns = new ArrayList<>();
    final List<Capability> held = new ArrayList<>();
    Spawned spawned = new Spawned.NameTaken();
    OnExit onExit = OnExit.NONE;
    Optional<byte[]> state = Optional.empty();
    Optional<Blob> blob = Optional.empty();
    Optional<Path> scratch = Optional.empty();

    /** A Request from the tester that wants an answer. */
    ScriptedHost request(String body) {
        return deliver(new Delivery.Received(TESTER, Request.of(body).expecting(5), Optional.empty()));
    }

    ScriptedHost deliver(Delivery delivery) {
        mail.add(delivery);
        return this;
    }

    String lastResponse() {
        return new String(responses.getLast().body(), StandardCharsets.UTF_8);
    }

    @Override
    public int fuel(long used) {
        return Fuel.SLICE;
    }

    @Override
    public Address our() {
        return OUR;
    }

    @Override
    public void print(int verbosity, String text) {
        printed.add(verbosity + " " + text);
    }

    @Override
    public OnExit onExit() {
        return onExit;
    }

    @Override
    public void setOnExit(OnExit value) {
        onExit = value;
    }

    @Override
    public Optional<byte[]> state() {
        return state;
    }

    @Override
    public void setState(byte[] value) {
        state = Optional.of(value);
    }

    @Override
    public void clearState() {
        state = Optional.empty();
    }

    @Override
    public Spawned spawn(SpawnRequest request) {
        spawns.add(request);
        return spawned;
    }

    @Override
    public void saveCapabilities(List<Capability> capabilities) {
        held.addAll(capabilities);
    }

    @Override
    public void dropCapabilities(List<Capability> capabilities) {
        held.removeAll(capabilities);
    }

    @Override
    public List<Capability> capabilities() {
        return held;
    }

    @Override
    public Delivery receive() {
        if (mail.isEmpty()) {
            throw new GuestStopped("the script is over");
        }
        return mail.remove();
    }

    @Override
    public boolean hasBlob() {
        return blob.isPresent();
    }

    @Override
    public Optional<Blob> blob() {
        return blob;
    }

    @Override
    public Optional<Blob> lastBlob() {
        return blob;
    }

    @Override
    public void send(Outgoing outgoing) {
        sent.add(outgoing);
    }

    @Override
    public void respond(Response response, Optional<Blob> withBlob) {
        responses.add(response);
        responseBlobs.add(withBlob);
    }

    @Override
    public Delivery sendAndAwait(Address target, Request request, Optional<Blob> withBlob) {
        sent.add(new Outgoing(target, request, Optional.empty(), withBlob));
        return awaited.remove();
    }

    @Override
    public Optional<Path> scratch() {
        return scratch;
    }
}
