package org.ashlar.sim;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.GuestHost;
import org.ashlar.api.process.SpawnRequest;
import org.ashlar.api.process.Spawned;

/**
 * What one run of a script can do: the kernel's, with every message shown to the {@link Invariants} on its way. Requests are told
 * apart by a number in front of their contexts, which the script does not see.
 */
final class WatchedHost implements GuestHost, Expectations.Sender {
    private static final long NONE = 0;

    private final GuestHost host;
    private final Invariants invariants;
    private final SimMachine machine;
    private final Address self;
    private final Set<Long> mine = new HashSet<>();
    private long waitingSince = Long.MAX_VALUE;
    /** What alone it waits for. */
    private long awaited = NONE;
    private boolean gone;

    WatchedHost(GuestHost host, Invariants invariants, SimMachine machine) {
        this.host = host;
        this.invariants = invariants;
        this.machine = machine;
        this.self = host.our();
        invariants.watch(self);
        invariants.note("run " + self);
    }

    @Override
    public long waitingSince(long token) {
        return awaited == NONE || awaited == token ? waitingSince : Long.MAX_VALUE;
    }

    @Override
    public boolean isGone() {
        return gone || machine.life().isOver();
    }

    void ended() {
        gone = true;
        mine.forEach(invariants.expectations()::orphaned);
        if (!machine.life().isOver()) {
            invariants.note("end " + self);
        }
    }

    @Override
    public Delivery receive() {
        waitingSince = machine.loop().now();
        Delivery delivery = host.receive();
        waitingSince = Long.MAX_VALUE;
        return seen(delivery);
    }

    private Delivery seen(Delivery delivery) {
        return switch (delivery) {
            case Delivery.Received(Address source, Request request, Optional<byte[]> context) -> {
                invariants.received(self, source, request);
                invariants.has(self, request.capabilities().stream().map(SignedCapability::capability).toList());
                yield delivery;
            }
            case Delivery.Received(Address source, Response response, Optional<byte[]> context) -> {
                long token = token(context);
                invariants.answered(token, source, response);
                invariants.has(self, response.capabilities().stream().map(SignedCapability::capability).toList());
                yield new Delivery.Received(source, response, unwrapped(context));
            }
            case Delivery.Failed(var error, Optional<byte[]> context) -> {
                invariants.failed(token(context), error.kind().toString());
                yield new Delivery.Failed(error, unwrapped(context));
            }
        };
    }

    @Override
    public void send(Outgoing outgoing) {
        Address target = outgoing.target().resolve(self.node());
        invariants.sent(self, target, outgoing.request());
        if (outgoing.request().expectsResponse().isEmpty()) {
            host.send(outgoing);
            return;
        }
        long token = expect(target, outgoing.request());
        host.send(new Outgoing(outgoing.target(), outgoing.request(), Optional.of(wrapped(token, outgoing.context())), outgoing.blob()));
    }

    private long expect(Address target, Request request) {
        long seconds = request.expectsResponse().getAsLong();
        long token = invariants.expects(self, target, request, seconds < 0 ? Long.MAX_VALUE : TimeUnit.SECONDS.toNanos(seconds), this);
        mine.add(token);
        return token;
    }

    @Override
    public Delivery sendAndAwait(Address target, Request request, Optional<Blob> blob) {
        Address to = target.resolve(self.node());
        invariants.sent(self, to, request);
        long token = expect(to, request);
        waitingSince = machine.loop().now();
        awaited = token;
        Delivery delivery = host.sendAndAwait(target, request, blob);
        awaited = NONE;
        waitingSince = Long.MAX_VALUE;
        mine.remove(token);
        switch (delivery) {
            case Delivery.Received received -> {
                invariants.answered(token, received.source(), received.message());
                invariants.has(self, received.message().capabilities().stream().map(SignedCapability::capability).toList());
            }
            case Delivery.Failed failed -> invariants.failed(token, failed.error().kind().toString());
        }
        return delivery;
    }

    @Override
    public void respond(Response response, Optional<Blob> blob) {
        invariants.responded(self, response);
        host.respond(response, blob);
    }

    @Override
    public List<Capability> capabilities() {
        List<Capability> held = host.capabilities();
        invariants.holds(self, held);
        return held;
    }

    private static byte[] wrapped(long token, Optional<byte[]> context) {
        byte[] own = context.orElse(new byte[0]);
        return ByteBuffer.allocate(Long.BYTES + 1 + own.length).putLong(token).put((byte) (context.isPresent() ? 1 : 0)).put(own).array();
    }

    private long token(Optional<byte[]> context) {
        long token = ByteBuffer.wrap(context.orElseThrow(() -> invariants.broken(self + " received the end of a Request that it did not send")))
                .getLong();
        mine.remove(token);
        return token;
    }

    private static Optional<byte[]> unwrapped(Optional<byte[]> context) {
        byte[] all = context.orElseThrow();
        return all[Long.BYTES] == 0 ? Optional.empty() : Optional.of(Arrays.copyOfRange(all, Long.BYTES + 1, all.length));
    }

    @Override
    public int fuel(long used) {
        return host.fuel(used);
    }

    @Override
    public Address our() {
        return host.our();
    }

    @Override
    public void print(int verbosity, String text) {
        host.print(verbosity, text);
    }

    @Override
    public OnExit onExit() {
        return host.onExit();
    }

    @Override
    public void setOnExit(OnExit onExit) {
        if (onExit instanceof OnExit.Requests(List<OnExit.Parting> requests)) {
            requests.forEach(each -> invariants.parting(self, each.target().resolve(self.node()), each.request()));
        }
        host.setOnExit(onExit);
    }

    @Override
    public Optional<byte[]> state() {
        return host.state();
    }

    @Override
    public void setState(byte[] state) {
        host.setState(state);
    }

    @Override
    public void clearState() {
        host.clearState();
    }

    @Override
    public Spawned spawn(SpawnRequest request) {
        return host.spawn(request);
    }

    @Override
    public void saveCapabilities(List<Capability> capabilities) {
        host.saveCapabilities(capabilities);
    }

    @Override
    public void dropCapabilities(List<Capability> capabilities) {
        host.dropCapabilities(capabilities);
    }

    @Override
    public boolean hasBlob() {
        return host.hasBlob();
    }

    @Override
    public Optional<Blob> blob() {
        return host.blob();
    }

    @Override
    public Optional<Blob> lastBlob() {
        return host.lastBlob();
    }

    @Override
    public Optional<Path> scratch() {
        return host.scratch();
    }
}
