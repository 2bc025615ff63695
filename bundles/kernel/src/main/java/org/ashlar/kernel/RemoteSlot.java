package org.ashlar.kernel;

import org.ashlar.api.message.Address;
import org.ashlar.api.process.ProcessStatus;

/**
 * Another node, as the one that Requests came from: holds those that it waits for, within limits of its own, so that one node
 * takes no room from another. Nothing is ever put into its mailbox: answers go out through who brought the Request.
 * Any thread may call.
 */
final class RemoteSlot extends Slot {
    /** Most messages of one node that wait for room in a mailbox of this one. */
    static final int MAX_WAITING = 256;
    /** Most bytes of them; a single larger message waits when no other does. */
    static final long MAX_WAITING_BYTES = 4L << 20;
    /** Most bytes of Requests of one node that were taken here and are not answered; a single larger one beside them. */
    static final long MAX_OPEN_BYTES = 32L << 20;

    /** Threads that bring something of this node just now. */
    private int inside;
    private int waiting;
    private long waitingBytes;
    private long openBytes;
    /** Whether the single larger Request is open: it takes no room from the others. */
    private boolean largerOpen;

    RemoteSlot(String node, NodeHeap heap) {
        super(new Address(node, Router.NET), heap);
    }

    /** Somebody brings something of this node: it is not forgotten until {@link #left}. */
    synchronized RemoteSlot entered() {
        inside++;
        return this;
    }

    synchronized void left() {
        inside--;
    }

    /** Whether nothing of this node is here. */
    synchronized boolean isIdle() {
        return inside == 0 && waiting == 0 && outstanding().size() == 0;
    }

    /** Whether another message may come to wait. */
    synchronized boolean hasRoom() {
        return waiting < MAX_WAITING && waitingBytes < MAX_WAITING_BYTES;
    }

    synchronized void waits(long weight) {
        waiting++;
        waitingBytes += weight;
    }

    synchronized void waitedFor(long weight) {
        waiting--;
        waitingBytes -= weight;
    }

    /** A Request that wants an answer comes in. @return false when too many are open already */
    synchronized boolean open(long weight) {
        if (weight > MAX_OPEN_BYTES) {
            boolean first = !largerOpen;
            largerOpen = true;
            return first;
        }
        if (openBytes + weight > MAX_OPEN_BYTES) {
            return false;
        }
        openBytes += weight;
        return true;
    }

    /** Such a Request has ended. */
    synchronized void ended(long weight) {
        if (weight > MAX_OPEN_BYTES) {
            largerOpen = false;
        } else {
            openBytes -= weight;
        }
    }

    @Override
    boolean isPublic() {
        return false;
    }

    /** What it may message was looked at when the message came. */
    @Override
    boolean isTrusted() {
        return true;
    }

    @Override
    boolean isServed() {
        return true;
    }

    @Override
    void mailArrived() { }

    /** Not asked for: it is not among the processes of this node. */
    @Override
    ProcessStatus status() {
        throw new UnsupportedOperationException(address() + " is no process of this node");
    }
}
