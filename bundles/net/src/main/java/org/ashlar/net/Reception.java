package org.ashlar.net;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The heap that large messages of other nodes may have while they come in. Each has room for twice its bytes, as it is in parts
 * and, while it is handed over, whole. Who finds none waits in a line, and is told when it may ask again; one node never has more
 * than half. Any thread may call.
 */
final class Reception {
    private final Machine machine;
    private final long all;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private long used;
    private long most;

    /** @param all bytes */
    Reception(Machine machine, long all) {
        this.machine = machine;
        this.all = all;
    }

    /** Bytes of one node's messages, twice. */
    long ofNode() {
        return all / 2;
    }

    /** The largest message that there can be room for, in bytes. */
    int largest() {
        return (int) Math.min(Limits.LARGEST, ofNode() / 2);
    }

    /** Room for a message of {@code bytes}. @param again called on a thread of its own when there may be room, if there is none now */
    synchronized boolean take(long bytes, Runnable again) {
        if (!waiting.isEmpty() && waiting.peek() != again || used + 2 * bytes > all) {
            if (!waiting.contains(again)) {
                waiting.add(again);
            }
            return false;
        }
        waiting.remove(again);
        used += 2 * bytes;
        most = Math.max(most, used);
        wake();
        return true;
    }

    synchronized void give(long bytes) {
        used -= 2 * bytes;
        wake();
    }

    /** {@code again} has no need of room any more. */
    synchronized void leave(Runnable again) {
        if (waiting.remove(again)) {
            wake();
        }
    }

    private void wake() {
        Runnable first = waiting.peek();
        if (first != null) {
            machine.start("room-for-large", first);
        }
    }

    synchronized long used() {
        return used;
    }

    /** The most that ever was in use. */
    synchronized long most() {
        return most;
    }
}
