package org.ashlar.kernel;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/**
 * What was sent without waiting to a mailbox that was full: a line for each sender and target, worked off in order by a
 * thread of its own as long as there is something in it. Any thread may call.
 */
final class Backlog {
    /** Most messages in one line. */
    static final int MAX_MESSAGES = 1_000;
    /** Most bytes in one line; a single larger message is taken when nothing else waits. */
    static final long MAX_BYTES = Mailbox.MAX_BYTES;

    private final ConcurrentMap<Pair, Line> lines = new ConcurrentHashMap<>();
    private final Consumer<Waiting> deliver;
    private final NodeHeap heap;

    /** @param deliver waits for room, bounded, and settles what becomes of the message */
    Backlog(Consumer<Waiting> deliver, NodeHeap heap) {
        this.deliver = deliver;
        this.heap = heap;
    }

    /** A message on its way to {@code to}. */
    record Waiting(Slot from, Slot to, Item.Mail mail) { }

    /** How it went with a message. */
    enum Place {
        /** It waits. */
        TAKEN,
        /** There is no line that it would have to join. */
        NO_LINE,
        /** The line is as long as a line may be. */
        TOO_LONG
    }

    /** Puts a message behind those of the same sender that wait already, if any do. */
    Place join(Waiting message) {
        Line line = lines.get(new Pair(message.from(), message.to()));
        return line == null ? Place.NO_LINE : line.add(message);
    }

    /** Puts a message at the end of its line; it may be the first. @return false when the line is too long */
    boolean wait(Waiting message) {
        Pair pair = new Pair(message.from(), message.to());
        Place place = Place.NO_LINE;
        while (place == Place.NO_LINE) {
            Line fresh = new Line(heap);
            if (fresh.add(message) == Place.TOO_LONG) {
                return false;
            }
            Line before = lines.putIfAbsent(pair, fresh);
            if (before == null) {
                Thread.ofVirtual().name("room for " + message.to().id()).start(() -> workOff(pair, fresh));
                return true;
            }
            fresh.done(message);
            place = before.add(message);
            if (place == Place.NO_LINE) {
                lines.remove(pair, before);
            }
        }
        return place == Place.TAKEN;
    }

    private void workOff(Pair pair, Line line) {
        try {
            for (Waiting next = line.next(); next != null; next = line.next()) {
                deliver.accept(next);
                line.done(next);
            }
        } finally {
            lines.remove(pair, line);
        }
    }

    /** Slots, not addresses: what was meant for a process that has gone does not fall to one that has taken its name. */
    private record Pair(Slot from, Slot to) { }

    private static final class Line {
        private final Queue<Waiting> waiting = new ArrayDeque<>();
        private int messages;
        private long bytes;
        private boolean ended;
        private final NodeHeap heap;

        Line(NodeHeap heap) {
            this.heap = heap;
        }

        synchronized Place add(Waiting message) {
            if (ended) {
                return Place.NO_LINE;
            }
            long weight = Weight.of(message.mail().envelope());
            if (messages >= MAX_MESSAGES || bytes > 0 && bytes + weight > MAX_BYTES) {
                return Place.TOO_LONG;
            }
            if (!count(weight)) {
                count(-weight);
                return Place.TOO_LONG;
            }
            messages++;
            waiting.add(message);
            return Place.TAKEN;
        }

        /** Null at the end; then nothing is taken any more. */
        synchronized Waiting next() {
            ended = waiting.isEmpty();
            return waiting.poll();
        }

        synchronized void done(Waiting message) {
            messages--;
            count(-Weight.of(message.mail().envelope()));
        }

        private boolean count(long more) {
            bytes += more;
            return heap.moved(bytes - more, bytes);
        }
    }
}
