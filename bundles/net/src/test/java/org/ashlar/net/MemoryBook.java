package org.ashlar.net;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ashlar.api.net.NodeCard;
import org.ashlar.api.net.PeerBook;

/** A list of peers in memory. */
final class MemoryBook implements PeerBook {
    private final Map<String, Optional<NodeCard>> known = new TreeMap<>();

    @Override
    public synchronized void put(NodeCard card) {
        known.put(card.name(), Optional.of(card));
    }

    @Override
    public synchronized boolean remove(String name) {
        return known.remove(name) != null;
    }

    @Override
    public synchronized void block(String name) {
        known.put(name, Optional.empty());
    }

    @Override
    public synchronized List<String> blocked() {
        return known.keySet().stream().filter(this::blocks).toList();
    }

    @Override
    public synchronized boolean blocks(String name) {
        return known.containsKey(name) && known.get(name).isEmpty();
    }

    @Override
    public String source() {
        return "peers";
    }

    @Override
    public synchronized List<NodeCard> find(String name) {
        return known.getOrDefault(name, Optional.empty()).stream().toList();
    }

    @Override
    public synchronized List<NodeCard> list() {
        return known.values().stream().flatMap(Optional::stream).toList();
    }
}
