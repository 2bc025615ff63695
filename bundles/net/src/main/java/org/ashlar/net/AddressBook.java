package org.ashlar.net;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ashlar.api.net.Directory;
import org.ashlar.api.net.NodeCard;
import org.ashlar.api.net.PeerBook;
import org.ashlar.api.service.Providers;
import org.ashlar.noise.Ed25519Key;

/**
 * All that is known of other nodes. What the person wrote down counts first, then what processes announced that may; whoever
 * a peer book blocks is unknown. What other directories say are {@linkplain Claim claims}: of them only addresses are used,
 * and only beside the key that is known. Any thread may call; answers come from memory.
 */
final class AddressBook {
    private final Providers<Directory> directories = new Providers<>();
    private final Map<String, NodeCard> announced = new ConcurrentHashMap<>();
    /** Parsing a key takes as long as using it. */
    private final Map<String, Known> keys = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > Limits.KEYS;
        }
    });

    private record Known(byte[] bytes, Ed25519Key key) { }

    /**
     * What directories say of a node that nobody confirmed.
     *
     * @param card    the card as the first of them has it
     * @param sources those that give this key for the name, in their order
     */
    record Claim(NodeCard card, List<String> sources) { }

    void add(Directory directory, int ranking) {
        directories.add(directory, ranking);
    }

    void remove(Directory directory) {
        directories.remove(directory);
    }

    /** In the order in which they are asked. */
    List<Directory> directories() {
        return directories.all();
    }

    Optional<PeerBook> peerBook() {
        return books().findFirst();
    }

    private Stream<PeerBook> books() {
        return directories.all().stream().filter(PeerBook.class::isInstance).map(PeerBook.class::cast);
    }

    private List<Directory> claimants() {
        return directories.all().stream().filter(directory -> !(directory instanceof PeerBook)).toList();
    }

    boolean blocks(String name) {
        return directories.all().stream().anyMatch(directory -> directory.blocks(name));
    }

    Optional<NodeCard> find(String name) {
        if (blocks(name)) {
            return Optional.empty();
        }
        return books().flatMap(book -> book.find(name).stream()).findFirst().or(() -> Optional.ofNullable(announced.get(name)))
                .map(this::withAddresses);
    }

    /** A node that moved is found where its directories say, after where it was known to be. */
    private NodeCard withAddresses(NodeCard known) {
        List<NodeCard> same = claimants().stream().flatMap(directory -> directory.find(known.name()).stream())
                .filter(card -> Arrays.equals(card.key(), known.key())).toList();
        return same.isEmpty() ? known : new NodeCard(known.name(), known.key(), all(known, same, NodeCard::addresses),
                all(known, same, NodeCard::routers));
    }

    private static <T> List<T> all(NodeCard known, List<NodeCard> more, Function<NodeCard, List<T>> part) {
        Set<T> all = new LinkedHashSet<>(part.apply(known));
        more.forEach(card -> all.addAll(part.apply(card)));
        return all.stream().limit(NodeCard.MAX).toList();
    }

    /** What directories say of {@code name} that differs from what is known; nothing of a node that is blocked. */
    List<Claim> claims(String name) {
        return claims(claimants(), directory -> directory.find(name));
    }

    /** All of them. */
    List<Claim> claims() {
        return claims(claimants(), Directory::list);
    }

    private List<Claim> claims(List<Directory> from, Function<Directory, List<NodeCard>> what) {
        Map<String, Claim> claims = new TreeMap<>();
        for (Directory directory : from) {
            for (NodeCard card : what.apply(directory)) {
                Optional<NodeCard> known = find(card.name());
                if (!blocks(card.name()) && known.filter(before -> Arrays.equals(before.key(), card.key())).isEmpty()) {
                    claims.merge(card.name() + ' ' + card.fingerprint(), new Claim(card, List.of(directory.source())),
                            (a, b) -> new Claim(a.card(), Stream.concat(a.sources().stream(), b.sources().stream()).toList()));
                }
            }
        }
        return List.copyOf(claims.values());
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

    /** The nodes that are known, without claims. */
    List<NodeCard> list() {
        Map<String, NodeCard> all = new TreeMap<>();
        books().forEach(book -> book.list().forEach(card -> all.putIfAbsent(card.name(), card)));
        announced.values().stream().filter(card -> !blocks(card.name())).forEach(card -> all.putIfAbsent(card.name(), card));
        return new ArrayList<>(all.values());
    }

    int size() {
        return list().size();
    }
}
