package org.ashlar.net;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.SendError;
import org.ashlar.api.process.Reply;

/**
 * The Requests that went to other nodes and may still be answered. Ids cannot be guessed, so that who answers with one was
 * told it: by this node, or by one that passed the Request on (reference-kernel 2.4). A Request that never left this node is
 * not in here, and no other node can answer it. Any thread may call.
 */
final class Inflight {
    private final ConcurrentMap<Key, List<Entry>> entries = new ConcurrentHashMap<>();

    private record Key(long id, Address requester) {
        static Key of(Envelope request) {
            return new Key(request.id(), request.respondTo());
        }
    }

    /** @param peer the node that it went to */
    record Entry(String peer, Reply reply) { }

    /** Before it goes out: the answer may be quicker than whoever sent it. */
    void add(String peer, Envelope request, Reply reply) {
        entries.compute(Key.of(request), (key, before) -> {
            List<Entry> list = before == null ? new ArrayList<>(1) : before;
            list.add(new Entry(peer, reply));
            return list;
        });
    }

    /** It did not go out, or was answered. @return whether it was still there */
    boolean remove(Envelope request, Reply reply) {
        boolean[] was = {false};
        entries.computeIfPresent(Key.of(request), (key, list) -> {
            was[0] = list.removeIf(entry -> entry.reply() == reply);
            return list.isEmpty() ? null : list;
        });
        return was[0];
    }

    /** Takes out what {@code response}, from the node {@code from}, answers: of several with one id that which went there. */
    Optional<Reply> answered(String from, Envelope response) {
        Entry[] found = {null};
        entries.computeIfPresent(new Key(response.id(), response.target()), (key, list) -> {
            found[0] = list.stream().filter(entry -> entry.peer().equals(from)).findFirst().orElse(list.getFirst());
            list.remove(found[0]);
            return list.isEmpty() ? null : list;
        });
        return Optional.ofNullable(found[0]).map(Entry::reply);
    }

    /** Ends all that went to {@code peer}: nobody there will answer. */
    void fail(String peer, SendError.Kind kind) {
        List<Reply> gone = new ArrayList<>();
        for (Key key : entries.keySet()) {
            entries.computeIfPresent(key, (same, list) -> {
                Iterator<Entry> each = list.iterator();
                while (each.hasNext()) {
                    Entry entry = each.next();
                    if (entry.peer().equals(peer)) {
                        gone.add(entry.reply());
                        each.remove();
                    }
                }
                return list.isEmpty() ? null : list;
            });
        }
        gone.forEach(reply -> reply.fail(kind));
    }

    /** Forgets those that have ended by themselves. */
    void tidy() {
        for (Key key : entries.keySet()) {
            entries.computeIfPresent(key, (same, list) -> {
                list.removeIf(entry -> !entry.reply().expected());
                return list.isEmpty() ? null : list;
            });
        }
    }

    /** How many went to each node. */
    Map<String, Long> counts() {
        Map<String, Long> counts = new HashMap<>();
        for (Key key : entries.keySet()) {
            entries.computeIfPresent(key, (same, list) -> {
                list.forEach(entry -> counts.merge(entry.peer(), 1L, Long::sum));
                return list;
            });
        }
        return counts;
    }

    long count(String peer) {
        return counts().getOrDefault(peer, 0L);
    }
}
