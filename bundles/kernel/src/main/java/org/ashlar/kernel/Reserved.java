package org.ashlar.kernel;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.GuestTrap;

/**
 * What the kernel keeps for the open Requests of a guest: the Requests, their contexts, the messages they continue. Each
 * counts from its sending until the guest has taken its end, because an answer in the mailbox holds all that, too. For the
 * thread that runs the guest alone, so that counting costs no more than adding up.
 */
final class Reserved {
    /** Most bytes of Requests and contexts, and of messages that they continue; one that is larger when it is alone. */
    static final long MAX_BYTES = 64L << 20;

    private int requests;
    private long bytes;
    private long continuedBytes;
    /** How many Requests continue a message; only those that weigh much. Null while there are none. */
    private Map<Item.Mail, Integer> continued;
    private final NodeHeap heap;

    /** @param heap of which this counts; what of the node's share is used up by contexts is refused here */
    Reserved(NodeHeap heap) {
        this.heap = heap;
    }

    /**
     * Called before a Request that wants an answer is sent.
     *
     * @param context   or null
     * @param prompting the message it continues, or null
     * @throws GuestTrap when there is no room
     */
    void check(Request request, Optional<Blob> blob, byte[] context, Item.Mail prompting) {
        if (requests >= Outstanding.MAX) {
            throw new GuestTrap("it has " + Outstanding.MAX + " Requests without an answer; receive the answers before"
                    + " sending more");
        }
        if (bytes > 0 && bytes + Weight.of(request, blob) + length(context) > MAX_BYTES) {
            throw new GuestTrap("its Requests without an answer have " + bytes + " bytes with their contexts, and at most "
                    + MAX_BYTES + " are kept; receive the answers before sending more");
        }
        if (!heap.hasRoom(bytes, bytes + length(context))) {
            throw new GuestTrap("it sends a context of " + length(context) + " bytes, and mail and open Requests of all"
                    + " processes of this node have the " + heap.most() + " bytes that they may have together");
        }
        if (continuedBytes > 0 && isHeavy(prompting) && !continued.containsKey(prompting)
                && continuedBytes + Weight.of(prompting.envelope()) > MAX_BYTES) {
            throw new GuestTrap("the messages that its Requests continue have " + continuedBytes + " bytes, and at most "
                    + MAX_BYTES + " are kept; receive the answers before sending more");
        }
    }

    /** Counts a Request that was sent. */
    void add(Exchange exchange) {
        requests++;
        count(Weight.of(exchange.request()) + length(exchange.context()));
        Item.Mail prompting = exchange.prompting();
        if (isHeavy(prompting)) {
            continued = continued == null ? new IdentityHashMap<>() : continued;
            if (continued.merge(prompting, 1, Integer::sum) == 1) {
                countContinued(Weight.of(prompting.envelope()));
            }
        }
    }

    /** The guest has taken the end of {@code exchange}, or never will: nothing is kept for it any more. */
    void release(Exchange exchange) {
        requests--;
        count(-Weight.of(exchange.request()) - length(exchange.context()));
        Item.Mail prompting = exchange.prompting();
        if (isHeavy(prompting) && continued.merge(prompting, -1, (count, less) -> count == 1 ? null : count - 1) == null) {
            countContinued(-Weight.of(prompting.envelope()));
        }
        exchange.forget();
    }

    /** The process is no more. */
    void end() {
        count(-bytes);
        countContinued(-continuedBytes);
    }

    private void count(long more) {
        heap.moved(bytes, bytes + more);
        bytes += more;
    }

    private void countContinued(long more) {
        heap.moved(continuedBytes, continuedBytes + more);
        continuedBytes += more;
    }

    /** How many Requests are open, or ended and not taken. */
    int requests() {
        return requests;
    }

    private static boolean isHeavy(Item.Mail mail) {
        return mail != null && Weight.of(mail.envelope()) > Weight.SMALL;
    }

    private static int length(byte[] context) {
        return context == null ? 0 : context.length;
    }
}
