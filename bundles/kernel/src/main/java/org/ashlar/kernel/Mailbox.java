package org.ashlar.kernel;

import java.util.Comparator;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What waits for a process: many senders, one taker, no lock.
 * <p>
 * Requests are bounded in number and in bytes, and count until they are {@link #consumed}, wherever they lie meanwhile, so
 * that a process that sets mail aside while it awaits an answer still slows its senders. Answers and send errors are
 * bounded in number by {@link Outstanding#MAX}, and answers also in bytes, until they are {@link #taken}. Bytes are those of the
 * heap: what of a blob lies in a file does not count.
 */
final class Mailbox {
    /** Most Requests that wait at once. */
    static final int MAX_MESSAGES = 1_000;
    /** Most bytes that wait at once; a single larger message is taken when nothing else waits. */
    static final long MAX_BYTES = 64L << 20;
    /** Most bytes of answers that were not taken yet; a single larger one comes when no other waits. */
    static final long MAX_ANSWER_BYTES = 64L << 20;
    /** How often a parked sender looks again, should the wake-up meant for it have gone to one that had left. */
    private static final long RECHECK_NANOS = 10_000_000;

    private final Queue<Item> items = new ConcurrentLinkedQueue<>();
    /** Requests that came back from a provider that left; they go first, in the order in which they were sent. */
    private final Queue<Item.Mail> handedBack = new PriorityBlockingQueue<>(1,
            Comparator.comparingLong(Item.Mail::queuedNanos));
    private final Queue<Thread> senders = new ConcurrentLinkedQueue<>();
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong answerBytes = new AtomicLong();
    private final NodeHeap heap;

    /** @param heap what all mailboxes have together */
    Mailbox(NodeHeap heap) {
        this.heap = heap;
    }

    /** @return false when it is full, or the node is */
    boolean offer(Item.Mail mail) {
        if (messages.incrementAndGet() > MAX_MESSAGES) {
            messages.decrementAndGet();
            return false;
        }
        long weight = Weight.of(mail.envelope());
        if (!add(bytes, weight, MAX_BYTES)) {
            messages.decrementAndGet();
            return false;
        }
        items.add(mail);
        return true;
    }

    /** @return false, and nothing is added, when there is no room for it */
    private boolean add(AtomicLong count, long weight, long most) {
        long total = count.addAndGet(weight);
        boolean fits = heap.moved(total - weight, total) && (total <= most || total == weight);
        if (!fits) {
            remove(count, weight);
        }
        return fits;
    }

    private void remove(AtomicLong count, long weight) {
        long left = count.addAndGet(-weight);
        heap.moved(left + weight, left);
    }

    /** Puts in an answer or a send error. @return false when there is no room for such an answer */
    boolean deliver(Item.End end) {
        long weight = heavy(end);
        if (weight > 0 && !add(answerBytes, weight, MAX_ANSWER_BYTES)) {
            return false;
        }
        items.add(end);
        return true;
    }

    /** An answer or send error was taken out for good. */
    void taken(Item.End end) {
        long weight = heavy(end);
        if (weight > 0) {
            remove(answerBytes, weight);
        }
    }

    /** What counts of it; nothing when it is small. */
    private static long heavy(Item.End end) {
        long weight = end instanceof Item.Answered answer ? Weight.of(answer.envelope()) : 0;
        return weight > Weight.SMALL ? weight : 0;
    }

    /** Puts back a Request that was taken but neither consumed nor answered. */
    void handBack(Item.Mail mail) {
        handedBack.add(mail);
    }

    /** Puts back a Request that was consumed, without asking for room: it had it before. */
    void handBackAgain(Item.Mail mail) {
        messages.incrementAndGet();
        long weight = Weight.of(mail.envelope());
        long total = bytes.addAndGet(weight);
        heap.moved(total - weight, total);
        handedBack.add(mail);
    }

    /** The next item, or null. */
    Item poll() {
        Item first = handedBack.poll();
        return first != null ? first : items.poll();
    }

    boolean isEmpty() {
        return items.isEmpty() && handedBack.isEmpty();
    }

    /** Makes the room of a Request free again. */
    void consumed(Item.Mail mail) {
        messages.decrementAndGet();
        remove(bytes, Weight.of(mail.envelope()));
        Thread sender = senders.poll();
        if (sender != null) {
            LockSupport.unpark(sender);
        }
    }

    /**
     * Puts {@code mail} in, parking the calling thread while there is no room.
     *
     * @param deadline when to give up, on {@code clock}
     * @param giveUp   looked at after each wake-up
     * @return false when it gave up
     */
    boolean offerWhenRoom(Item.Mail mail, NodeClock clock, long deadline, BooleanSupplier giveUp) {
        Thread self = Thread.currentThread();
        while (!giveUp.getAsBoolean()) {
            senders.add(self);
            try {
                if (offer(mail)) {
                    return true;
                }
                long left = deadline - clock.nanos();
                if (left <= 0) {
                    return false;
                }
                clock.park(this, Math.min(left, RECHECK_NANOS));
            } finally {
                senders.remove(self);
            }
        }
        return false;
    }

    /** Takes out the Requests that were queued before {@code nanos} and gives them to {@code each}. */
    void expire(long nanos, Consumer<Item.Mail> each) {
        expire(handedBack.iterator(), nanos, each);
        expire(items.iterator(), nanos, each);
    }

    private void expire(Iterator<? extends Item> queue, long nanos, Consumer<Item.Mail> each) {
        while (queue.hasNext()) {
            if (queue.next() instanceof Item.Mail mail && mail.queuedNanos() < nanos
                    && (items.remove(mail) || handedBack.remove(mail))) {
                consumed(mail);
                each.accept(mail);
            }
        }
    }

    int messages() {
        return messages.get();
    }

    long bytes() {
        return bytes.get();
    }
}
