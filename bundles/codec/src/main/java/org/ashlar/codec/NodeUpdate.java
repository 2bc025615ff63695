package org.ashlar.codec;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * News of a node (reference-modules 1.4, {@code KnsUpdate}).
 *
 * @param name    its name
 * @param key     its networking key, hex digits after {@code 0x} or not; not judged here
 * @param ips     text forms of its addresses; without any it is reached through routers
 * @param ports   port for each protocol; 0 counts as none
 * @param routers names of nodes that lead to it
 */
public record NodeUpdate(String name, String key, List<String> ips, SortedMap<String, Integer> ports, List<String> routers) {
    public NodeUpdate {
        ips = List.copyOf(ips);
        ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
        routers = List.copyOf(routers);
    }

    /** What is known of the node then: the first address counts, and any address makes routers superfluous. */
    public NodeRecord toRecord() {
        return new NodeRecord(name, key, ips.isEmpty() ? new NodeRoute.Routers(routers) : new NodeRoute.Direct(ips.getFirst(), ports));
    }
}
