package org.ashlar.guest;

import java.nio.file.Path;
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

/**
 * The host of a run that nobody is to notice: a guest finds nothing there, and ends where it would do something or wait for
 * something.
 */
final class Rehearsal implements GuestHost {
    /** The most that a rehearsal computes: some 50 ms. */
    private static final int SLICES = 200;

    private final Address our;
    private int slices;

    Rehearsal(Address our) {
        this.our = our;
    }

    private static GuestStopped over() {
        return new GuestStopped("the rehearsal is over");
    }

    @Override
    public int fuel(long used) {
        if (++slices > SLICES) {
            throw over();
        }
        return Fuel.SLICE;
    }

    @Override
    public Address our() {
        return our;
    }

    @Override
    public void print(int verbosity, String text) { }

    @Override
    public OnExit onExit() {
        return OnExit.NONE;
    }

    @Override
    public void setOnExit(OnExit onExit) { }

    @Override
    public Optional<byte[]> state() {
        return Optional.empty();
    }

    @Override
    public void setState(byte[] state) {
        throw over();
    }

    @Override
    public void clearState() {
        throw over();
    }

    @Override
    public Spawned spawn(SpawnRequest request) {
        throw over();
    }

    @Override
    public void saveCapabilities(List<Capability> capabilities) {
        throw over();
    }

    @Override
    public void dropCapabilities(List<Capability> capabilities) {
        throw over();
    }

    @Override
    public List<Capability> capabilities() {
        return List.of();
    }

    @Override
    public Delivery receive() {
        throw over();
    }

    @Override
    public boolean hasBlob() {
        return false;
    }

    @Override
    public Optional<Blob> blob() {
        return Optional.empty();
    }

    @Override
    public Optional<Blob> lastBlob() {
        return Optional.empty();
    }

    @Override
    public void send(Outgoing outgoing) {
        throw over();
    }

    @Override
    public void respond(Response response, Optional<Blob> blob) {
        throw over();
    }

    @Override
    public Delivery sendAndAwait(Address target, Request request, Optional<Blob> blob) {
        throw over();
    }

    @Override
    public Optional<Path> scratch() {
        return Optional.empty();
    }
}
