package org.ashlar.sim;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ashlar.api.net.NodeCard;
import org.ashlar.api.net.PeerBook;

/** The nodes that a node knows; outlives its crashes. */
final class SimBook implements PeerBook {
    private final Map<String, Optional<NodeCard>> known = new TreeMap<>();

    @Override
    public void put(NodeCard card) {
        known.put(card.name(), Optional.of(card));
    }

    @Override
    public boolean remove(String name) {
        return known.remove(name) != null;
    }

    @Override
    public void block(String name) {
        known.put(name, Optional.empty());
    }

    @Override
    public List<String> blocked() {
        return known.keySet().stream().filter(this::blocks).toList();
    }

    @Override
    public boolean blocks(String name) {
        return known.containsKey(name) && known.get(name).isEmpty();
    }

    @Override
    public String source() {
        return "peers";
    }

    @Override
    public List<NodeCard> find(String name) {
        return known.getOrDefault(name, Optional.empty()).stream().toList();
    }

    @Override
    public List<NodeCard> list() {
        return known.values().stream().flatMap(Optional::stream).toList();
    }
}
