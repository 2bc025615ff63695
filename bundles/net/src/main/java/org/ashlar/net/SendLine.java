package org.ashlar.net;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.ashlar.api.message.ProcessId;

/**
 * Messages that wait to be sent to one node, in order. Requests and Responses are bounded apart: who floods with Requests
 * keeps nobody's Responses. Not for several threads; its {@link Peer} guards it.
 */
final class SendLine {
    private final Deque<Outgoing> waiting = new ArrayDeque<>();
    private final Share requests = new Share(Limits.WAITING_REQUESTS, Limits.WAITING_REQUEST_BYTES);
    private final Share responses = new Share(Limits.WAITING_RESPONSES, Limits.WAITING_RESPONSE_BYTES);

    /** What is taken of a bound. Large messages and others have the bytes each for themselves, so that those do not wait for these. */
    private static final class Share {
        private final int mostCount;
        private final long mostBytes;
        private int count;
        private long bytes;
        private long largeBytes;

        Share(int mostCount, long mostBytes) {
            this.mostCount = mostCount;
            this.mostBytes = mostBytes;
        }

        boolean has(long weight) {
            boolean large = weight >= Limits.LARGE;
            long before = large ? largeBytes : bytes;
            return count < mostCount && (before == 0 || before + weight <= (large ? Limits.WAITING_LARGE_BYTES : mostBytes));
        }

        void add(int sign, long weight) {
            count += sign;
            if (weight >= Limits.LARGE) {
                largeBytes += sign * weight;
            } else {
                bytes += sign * weight;
            }
        }
    }

    /** @return false when there is no room; a single message larger than all room is taken when no other waits */
    boolean offer(Outgoing message) {
        if (!share(message).has(message.envelope().weight())) {
            return false;
        }
        count(message, 1);
        waiting.add(message);
        return true;
    }

    /** The next few, as many as go out in one write. */
    List<Outgoing> take() {
        List<Outgoing> batch = new ArrayList<>();
        long bytes = 0;
        while (!waiting.isEmpty() && batch.size() < Limits.BATCH && (batch.isEmpty() || bytes < Limits.BATCH_BYTES)) {
            Outgoing next = waiting.poll();
            bytes += left(next);
            batch.add(next);
        }
        return batch;
    }

    /** Whether there is one that {@code stream} takes now. */
    boolean hasFor(OutStream stream) {
        return !waiting.isEmpty() && (fits(stream, waiting.peek()) || waiting.stream().anyMatch(each -> fits(stream, each)));
    }

    private static boolean fits(OutStream stream, Outgoing message) {
        return stream.takes(message.envelope().source().process(), message.envelope().weight());
    }

    /** The next few that {@code stream} takes: at most one large one, and none that another of its process would have to go before. */
    List<Outgoing> take(OutStream stream) {
        List<Outgoing> batch = new ArrayList<>();
        Set<ProcessId> later = new HashSet<>();
        boolean large = false;
        long bytes = 0;
        Iterator<Outgoing> each = waiting.iterator();
        while (each.hasNext() && batch.size() < Limits.BATCH && bytes < Limits.BATCH_BYTES) {
            Outgoing next = each.next();
            ProcessId source = next.envelope().source().process();
            boolean isLarge = OutStream.isLarge(next.envelope().weight());
            if (later.contains(source) || isLarge && large || !fits(stream, next)) {
                later.add(source);
                continue;
            }
            large |= isLarge;
            if (isLarge) {
                later.add(source);
            }
            each.remove();
            bytes += left(next);
            batch.add(next);
        }
        return batch;
    }

    /** Puts back what was taken and did not go out. */
    void putBack(List<Outgoing> messages) {
        for (Outgoing message : messages.reversed()) {
            waiting.addFirst(message);
            count(message, 1);
        }
    }

    List<Outgoing> takeAll() {
        List<Outgoing> all = new ArrayList<>(waiting);
        waiting.clear();
        all.forEach(this::left);
        return all;
    }

    private long left(Outgoing message) {
        return count(message, -1);
    }

    private long count(Outgoing message, int sign) {
        long weight = message.envelope().weight();
        share(message).add(sign, weight);
        return weight;
    }

    private Share share(Outgoing message) {
        return message.isRequest() ? requests : responses;
    }

    int size() {
        return waiting.size();
    }
}
