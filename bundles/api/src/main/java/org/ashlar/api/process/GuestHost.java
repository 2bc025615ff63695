package org.ashlar.api.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;

/**
 * What a running guest can do: the functions of the guest world ({@code process:standard@1.0.0}), typed. The kernel
 * makes one for each run of a process; it is called on that run's thread alone.
 * <p>
 * Every method may block (parking the virtual thread) and may throw {@link GuestStopped}. {@link GuestTrap} means that
 * the guest misused the interface: the instance ends with that line.
 */
public interface GuestHost {
    /**
     * Counts what the guest's code has computed, and lets others have the processor: {@link org.ashlar.api.wasm.Fuel} of its
     * instances. Called in the middle of Wasm code.
     *
     * @param used units of fuel since the instance that runs last asked
     * @return units until it asks again
     * @throws GuestStopped when the guest is to unwind
     */
    int fuel(long used);

    /** The address of this process, with the real node name. */
    Address our();

    /** @param verbosity 0 to 255; 0 is shown to everyone */
    void print(int verbosity, String text);

    OnExit onExit();

    void setOnExit(OnExit onExit);

    Optional<byte[]> state();

    /** Durable when it returns. @throws GuestTrap when the state is too large or cannot be written */
    void setState(byte[] state);

    /** Durable when it returns. */
    void clearState();

    Spawned spawn(SpawnRequest request);

    /** Keeps those that this process has received or holds; others are ignored. Durable when it returns. */
    void saveCapabilities(List<Capability> capabilities);

    void dropCapabilities(List<Capability> capabilities);

    List<Capability> capabilities();

    /** Waits for the next item, as long as it takes. */
    Delivery receive();

    /** Whether the item last received carried a blob. */
    boolean hasBlob();

    /** The blob of the item last received. */
    Optional<Blob> blob();

    /** The most recent blob this process received, whichever item it came with. */
    Optional<Blob> lastBlob();

    void send(Outgoing outgoing);

    /** Answers the Request being handled; without one a line is printed and nothing sent. */
    void respond(Response response, Optional<Blob> blob);

    /**
     * Sends and waits for the answer; other mail is kept for later, in order.
     *
     * @return the Response (without context) or the send error
     * @throws GuestTrap when the Request wants no answer or goes to this process itself
     */
    Delivery sendAndAwait(Address target, Request request, Optional<Blob> blob);

    /** The folder of this process's scratch drive, made if missing; empty when it cannot be had. */
    Optional<Path> scratch();

    /** A Request on its way out. @param context comes back with the answer */
    record Outgoing(Address target, Request request, Optional<byte[]> context, Optional<Blob> blob) { }
}
