package org.ashlar.guest;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.GuestException;
import org.ashlar.api.process.GuestHost;
import org.ashlar.api.process.GuestProgram;
import org.ashlar.api.process.GuestStopped;

/**
 * Measures the way host → guest → host: the C echo, one thread, 64 bytes each way, no kernel. Not a test; run its main
 * method. The README has the figure.
 */
final class EchoRoundTrips {
    private static final int ROUNDS = 10;
    private static final int MESSAGES = 300_000;
    private static final int STARTS = 3_000;

    private EchoRoundTrips() { }

    public static void main(String[] arguments) throws Exception {
        String path = arguments.length == 0 ? "sdk/c/examples/echo/pkg/echo.wasm" : arguments[0];
        GuestProgram echo = Guests.load(Guests.bytes(path));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < ROUNDS; i++) {
            long cpu = threads.getCurrentThreadCpuTime();
            long bytes = threads.getCurrentThreadAllocatedBytes();
            double seconds = seconds(echo, MESSAGES);
            cpu = threads.getCurrentThreadCpuTime() - cpu;
            bytes = threads.getCurrentThreadAllocatedBytes() - bytes;
            System.out.printf("%,.0f round trips a second, each %d ns of processor time and %d bytes%n", MESSAGES / seconds,
                    cpu / MESSAGES, bytes / MESSAGES);
        }
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            for (int j = 0; j < STARTS; j++) {
                seconds(echo, 1);
            }
            System.out.printf("%.1f µs to start, answer once and stop%n", (System.nanoTime() - start) / 1e3 / STARTS);
        }
    }

    private static double seconds(GuestProgram echo, int messages) throws GuestException {
        Endless host = new Endless(messages);
        long start = System.nanoTime();
        try {
            echo.run(host.proxy());
        } catch (GuestStopped e) {
            if (host.answered != messages) {
                throw new IllegalStateException(host.answered + " answers");
            }
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** Gives the same message again and again. */
    private static final class Endless {
        private final int messages;
        private final Delivery message = new Delivery.Received(ScriptedHost.TESTER,
                Request.of(new byte[64]).expecting(5), Optional.empty());
        private int given;
        private int answered;

        Endless(int messages) {
            this.messages = messages;
        }

        GuestHost proxy() {
            return new ScriptedHost() {
                @Override
                public Delivery receive() {
                    if (given++ == messages) {
                        throw new GuestStopped("done");
                    }
                    return message;
                }

                @Override
                public void respond(Response response, Optional<Blob> withBlob) {
                    answered++;
                }
            };
        }
    }
}
