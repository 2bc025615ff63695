package org.ashlar.senders;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.service.Providers;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.KernelCommand;
import org.ashlar.codec.KernelResponse;

/** Has the kernel give capabilities to processes. */
public final class Grants {
    private static final int SECONDS = 10;

    private final Providers<Kernel> kernels;

    public Grants(Providers<Kernel> kernels) {
        this.kernels = kernels;
    }

    /**
     * Gives {@code holder} what it is to hold, and returns when it does.
     *
     * @param issuer the system process in whose name
     * @return whether it holds them all
     */
    public boolean give(Address issuer, ProcessId holder, List<Capability> capabilities) {
        try (Providers.Lease<Kernel> lease = kernels.lease(Providers.GRACE).orElse(null)) {
            if (lease == null) {
                return false;
            }
            Kernel kernel = lease.service();
            kernel.tell(issuer.process(), kernel.address(),
                    Request.of(new KernelCommand.GrantCapabilities(holder, capabilities).encode()), Optional.empty());
            // The kernel answers no grant, and works in the order in which it is asked.
            for (Capability capability : capabilities) {
                if (!holds(kernel, issuer.process(), holder, capability)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static boolean holds(Kernel kernel, ProcessId issuer, ProcessId holder, Capability capability) {
        try {
            byte[] answer = kernel.ask(issuer, kernel.address(),
                    Request.of(new KernelCommand.DebugHasCap(holder, capability).encode()).expecting(SECONDS), Optional.empty())
                    .toCompletableFuture().get().response().body();
            return KernelResponse.parse(answer) instanceof KernelResponse.HasCap(Optional<Boolean> holds)
                    && holds.orElse(false);
        } catch (ExecutionException | CodecException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
