package org.ashlar.net;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.ashlar.api.net.Directory;
import org.ashlar.api.net.NodeCard;
import org.ashlar.api.net.PeerBook;
import org.ashlar.api.service.Providers;
import org.ashlar.noise.Ed25519Key;

/**
 * All that is known of other nodes: what the person wrote down counts first, then what processes announced, then other
 * directories. Whoever a peer book blocks is unknown. Any thread may call; answers come from memory.
 */
final class AddressBook {
    private final Providers<Directory> directories = new Providers<>();
    private final Map<String, NodeCard> announced = new ConcurrentHashMap<>();
    /** Parsing a key takes as long as using it. */
    private final Map<String, Known> keys = new ConcurrentHashMap<>();

    private record Known(byte[] bytes, Ed25519Key key) { }

    void add(Directory directory, int ranking) {
        directories.add(directory, ranking);
    }

    void remove(Directory directory) {
        directories.remove(directory);
    }

    Optional<PeerBook> peerBook() {
        return directories.all().stream().filter(PeerBook.class::isInstance).map(PeerBook.class::cast).findFirst();
    }

    Optional<NodeCard> find(String name) {
        List<Directory> all = directories.all();
        if (all.stream().anyMatch(directory -> directory.blocks(name))) {
            return Optional.empty();
        }
        return all.stream().filter(PeerBook.class::isInstance).flatMap(book -> book.find(name).stream()).findFirst()
                .or(() -> Optional.ofNullable(announced.get(name)))
                .or(() -> all.stream().flatMap(directory -> directory.find(name).stream()).findFirst());
    }

    /** The key of {@code name}; empty also when what is known of it has none that can be used. */
    Optional<Ed25519Key> key(String name) {
        Optional<NodeCard> card = find(name);
        if (card.isEmpty()) {
            return Optional.empty();
        }
        Known known = keys.get(name);
        if (known != null && Arrays.equals(known.bytes(), card.get().key())) {
            return Optional.of(known.key());
        }
        Optional<Ed25519Key> key = Ed25519Key.of(card.get().key());
        key.ifPresent(parsed -> keys.put(name, new Known(card.get().key(), parsed)));
        return key;
    }

    /** What became of news. */
    enum News {
        TAKEN,
        /** Another key is known for the name; a person has to decide. */
        OTHER_KEY,
        FULL
    }

    /** A process tells of a node. */
    News announce(NodeCard card) {
        Optional<NodeCard> known = find(card.name());
        if (known.isPresent() && !Arrays.equals(known.get().key(), card.key())) {
            return News.OTHER_KEY;
        }
        if (announced.size() >= Limits.ANNOUNCED && !announced.containsKey(card.name())) {
            return News.FULL;
        }
        announced.put(card.name(), card);
        return News.TAKEN;
    }

    /** Forgets what processes told of {@code name}, and its key. */
    void forget(String name) {
        announced.remove(name);
        keys.remove(name);
    }

    List<NodeCard> list() {
        Map<String, NodeCard> all = new TreeMap<>();
        directories.all().forEach(directory -> directory.list().forEach(card -> all.putIfAbsent(card.name(), card)));
        announced.values().forEach(card -> all.putIfAbsent(card.name(), card));
        return new ArrayList<>(all.values());
    }

    int size() {
        return list().size();
    }
}
