package org.ashlar.kernel;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.GuestHost;
import org.junit.jupiter.api.Test;

/** What a Request and its Response cost in the kernel alone; counted, so the same on any machine. */
class RoundTripTest {
    private static final int WARM_UP = 2_000;
    private static final int ROUNDS = 10_000;
    /** Twice what is left by one, the guests' bodies not included. */
    private static final long MOST_BYTES = 1_200;
    private static final int PATIENCE = 60;

    private final TestNode node = new TestNode();

    @Test
    void aRoundTripLeavesLittleBeyondItsMessages() throws Exception {
        try (node) {
            Address echo = node.address(node.guest("echo", OnExit.NONE, host -> serve(host, Optional.empty())));
            CompletableFuture<Long> taken = new CompletableFuture<>();
            node.guest("asker", OnExit.NONE, host -> {
                Request request = Request.of(new byte[64]).expecting(PATIENCE);
                ask(host, echo, request, WARM_UP);
                ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
                long before = threads.getTotalThreadAllocatedBytes();
                ask(host, echo, request, ROUNDS);
                taken.complete((threads.getTotalThreadAllocatedBytes() - before) / ROUNDS);
            });
            long each = taken.get(PATIENCE, TimeUnit.SECONDS);
            assertTrue(each <= MOST_BYTES, () -> "a round trip leaves " + each + " bytes");
        }
    }

    private static void ask(GuestHost host, Address echo, Request request, int times) {
        for (int i = 0; i < times; i++) {
            host.sendAndAwait(echo, request, Optional.empty());
        }
    }

    private static void serve(GuestHost host, Optional<Blob> blob) {
        while (true) {
            if (host.receive() instanceof Delivery.Received(var source, Request request, var context)) {
                host.respond(Response.of(request.body()), blob.isPresent() ? host.blob() : blob);
            }
        }
    }

    /** So its bytes are copied at the border of each guest, and nowhere else. */
    @Test
    void aBlobPassesThroughTheKernelAsItIs() throws Exception {
        try (node) {
            Optional<Blob> blob = Optional.of(Blob.of(new byte[1 << 20]));
            Address echo = node.address(node.guest("echo", OnExit.NONE, host -> serve(host, blob)));
            CompletableFuture<Optional<Blob>> back = new CompletableFuture<>();
            node.guest("asker", OnExit.NONE, host -> {
                host.sendAndAwait(echo, Request.of("x").expecting(PATIENCE), blob);
                back.complete(host.blob());
            });
            assertSame(blob.orElseThrow(), back.get(PATIENCE, TimeUnit.SECONDS).orElseThrow());
        }
    }
}
