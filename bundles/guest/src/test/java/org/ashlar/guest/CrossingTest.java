package org.ashlar.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.GuestStopped;
import org.junit.jupiter.api.Test;

/** What a message leaves on the heap on its way between the kernel and the C echo; counted, so the same on any machine. */
class CrossingTest {
    private static final byte[] ECHO = Guests.bytes("sdk/c/examples/echo/pkg/echo.wasm");
    private static final int WARM_UP = 500;
    private static final int MESSAGES = 2_000;
    /** Half as much again as a Request and its Response leave, 64 bytes each; the README says what that is. */
    private static final long MOST_BYTES = 204;
    private static final int BLOB = 4 << 20;
    private static final int BESIDE_BLOB = 64 << 10;

    @Test
    void aSmallMessageLeavesLittleBeyondItself() {
        Counted host = new Counted(WARM_UP + MESSAGES);
        assertThrows(GuestStopped.class, () -> Guests.load(ECHO).run(host));
        long each = host.allocated(WARM_UP, WARM_UP + MESSAGES) / MESSAGES;
        assertTrue(each <= MOST_BYTES, () -> "a message and its answer leave " + each + " bytes");
    }

    /** Into the memory of one guest and out of it again, once each: only the way out makes an array. */
    @Test
    void aBlobIsCopiedOnceIntoAGuestAndOnceOutOfIt() throws IOException {
        Counted host = new Counted(4);
        byte[] content = new byte[BLOB];
        content[BLOB - 1] = 1;
        host.blob = Optional.of(Blob.of(content));
        assertThrows(GuestStopped.class, () -> Guests.load(ECHO).run(host));
        byte[] back = host.responseBlobs.getLast().orElseThrow().bytes();
        assertEquals(BLOB, back.length);
        assertEquals(1, back[BLOB - 1]);
        long first = host.allocated(1, 2); // the one before made room in the guest's memory
        assertTrue(first >= BLOB && first <= BLOB + BESIDE_BLOB, () -> "a blob of " + BLOB + " bytes leaves " + first);
    }

    /** Has the same Request received again and again, and notes before each what the thread has allocated. */
    private static final class Counted extends ScriptedHost {
        private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        private final Delivery message = new Delivery.Received(TESTER, Request.of(new byte[64]).expecting(5), Optional.empty());
        private final long[] allocated;
        private int given;

        Counted(int messages) {
            allocated = new long[messages + 1];
        }

        @Override
        public Delivery receive() {
            allocated[given] = threads.getCurrentThreadAllocatedBytes();
            if (++given == allocated.length) {
                throw new GuestStopped("done");
            }
            return message;
        }

        @Override
        public void respond(Response response, Optional<Blob> withBlob) {
            if (given > 1) { // lists that grow would count
                responses.clear();
                responseBlobs.clear();
            }
            super.respond(response, withBlob);
        }

        /** Bytes between the receipt of one message and that of another. */
        long allocated(int from, int to) {
            return allocated[to] - allocated[from];
        }
    }
}
