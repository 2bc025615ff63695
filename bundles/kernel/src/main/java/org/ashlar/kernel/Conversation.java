package org.ashlar.kernel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Message;
import org.ashlar.api.message.SignedCapability;

/**
 * What a guest is in the middle of (reference-kernel 2.3, with a blob kept at its message): the Request it would answer,
 * the blob at hand, mail set aside while it awaited an answer. It survives a swap of what runs the guest; of a crash it
 * survives as {@link #afterCrash}. Used by one thread at a time.
 */
final class Conversation {
    /** Most received capabilities that are remembered for being saved; the oldest are forgotten. */
    static final int MAX_RECEIVED = 1_024;
    private static final int FEW_TAKEN = 16;
    private static final long FEW_BYTES = 1 << 20;

    /** Mail set aside; bounded by the mailbox, in which it still counts. */
    private final Queue<Item> deferred = new ArrayDeque<>();
    /** Repliable Requests that were taken and, when last looked at, not answered. Guarded by itself: others count them. */
    private final List<Item.Mail> taken = new ArrayList<>(2);
    private final Map<Capability, SignedCapability> received = new LinkedHashMap<>(2);
    private int purgeAt = FEW_TAKEN;
    /** What {@link #taken} weighs, answered ones included until they are purged. */
    private long takenBytes;
    private long purgeAtBytes = FEW_BYTES;
    private Item.Mail prompting;
    private boolean currentIsRequest;
    private Optional<Blob> currentBlob = Optional.empty();
    private Optional<Blob> lastBlob = Optional.empty();
    private final NodeHeap heap;
    /** What the blobs at hand have of it. */
    private long blobBytes;

    Conversation(NodeHeap heap) {
        this.heap = heap;
    }

    Queue<Item> deferred() {
        return deferred;
    }

    /** The Request that a Response answers and an inheriting Request continues; null when there is none. */
    Item.Mail prompting() {
        return prompting;
    }

    /** The guest takes a Request. */
    void take(Item.Mail mail) {
        if (mail.repliable()) {
            prompting = mail;
            if (mail.exchange() != null) {
                remember(mail);
            }
        }
        atHand(mail.envelope().message(), mail.envelope().blob(), true);
    }

    /** The guest takes an answer: it is back in what it was doing when it sent the Request. */
    void take(Item.Answered answer) {
        prompting = answer.exchange().prompting();
        atHand(answer.envelope().message(), answer.envelope().blob(), false);
    }

    /** The guest takes a send error. */
    void take(Item.Failed failed) {
        prompting = failed.exchange().prompting();
        currentIsRequest = false;
        currentBlob = Optional.empty();
        countBlobs();
    }

    private void atHand(Message message, Optional<Blob> blob, boolean isRequest) {
        currentIsRequest = isRequest;
        currentBlob = blob;
        if (blob.isPresent()) {
            lastBlob = blob;
        }
        countBlobs();
        if (!message.capabilities().isEmpty()) { // seldom: no iterators for the rest
            remember(message.capabilities());
        }
    }

    private void countBlobs() {
        long now = Weight.of(currentBlob) + (lastBlob == currentBlob ? 0 : Weight.of(lastBlob));
        heap.moved(blobBytes, now);
        blobBytes = now;
    }

    private void remember(List<SignedCapability> capabilities) {
        for (SignedCapability each : capabilities) {
            received.remove(each.capability());
            received.put(each.capability(), each);
        }
        Iterator<Capability> oldest = received.keySet().iterator();
        while (received.size() > MAX_RECEIVED) {
            oldest.next();
            oldest.remove();
        }
    }

    private void remember(Item.Mail mail) {
        synchronized (taken) {
            takenBytes += Weight.of(mail.envelope());
            if (taken.size() >= purgeAt || takenBytes >= purgeAtBytes) {
                purge(mail);
            }
            taken.add(mail);
        }
    }

    private void purge(Item.Mail latest) {
        taken.removeIf(each -> each.exchange().isSettled());
        takenBytes = Weight.of(latest.envelope());
        for (Item.Mail each : taken) {
            takenBytes += Weight.of(each.envelope());
        }
        purgeAt = Math.max(FEW_TAKEN, 2 * taken.size());
        purgeAtBytes = Math.max(FEW_BYTES, 2 * takenBytes);
    }

    /** The blob of the item last taken. */
    Optional<Blob> blob() {
        return currentBlob;
    }

    /** The blob last received with anything. */
    Optional<Blob> lastBlob() {
        return lastBlob;
    }

    /**
     * The blob that an inheriting message passes on: that of the item at hand; while working through answers, that of the
     * Request they serve when they bring none. Never one that came with something else.
     */
    Optional<Blob> inherited() {
        if (currentBlob.isPresent() || currentIsRequest || prompting == null) {
            return currentBlob;
        }
        return prompting.envelope().blob();
    }

    /** The capability as it came with a message, if one brought it. */
    Optional<SignedCapability> received(Capability capability) {
        return Optional.ofNullable(received.get(capability));
    }

    /** Answered Requests need no memory. */
    void answered(Item.Mail mail) {
        synchronized (taken) {
            if (!taken.isEmpty() && taken.getLast() == mail) {
                taken.removeLast();
                takenBytes -= Weight.of(mail.envelope());
            }
        }
    }

    /** How many Requests it has taken and not answered; any thread may ask. */
    int unanswered() {
        synchronized (taken) {
            return (int) taken.stream().filter(each -> !each.exchange().isSettled()).count();
        }
    }

    /** What was taken can no longer be answered; what was set aside was not yet taken, and stays. */
    Conversation afterCrash() {
        taken.forEach(Dispatch::release);
        heap.moved(blobBytes, 0);
        Conversation next = new Conversation(heap);
        next.deferred.addAll(deferred);
        return next;
    }

    /** The process is no more: nothing will be answered. */
    void end(Mailbox mailbox) {
        taken.forEach(Dispatch::release);
        taken.clear();
        heap.moved(blobBytes, 0);
        blobBytes = 0;
        for (Item item = deferred.poll(); item != null; item = deferred.poll()) {
            switch (item) {
                case Item.Mail mail -> {
                    mailbox.consumed(mail);
                    Dispatch.release(mail);
                }
                case Item.End end -> mailbox.taken(end);
            }
        }
    }
}
