package org.ashlar.codec;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** How a node is reached (reference-modules 1.4, {@code routing}). */
public sealed interface NodeRoute {
    /** @param routers names of nodes that lead to it */
    record Routers(List<String> routers) implements NodeRoute {
        public Routers {
            routers = List.copyOf(routers);
        }
    }

    /**
     * @param ip    text form of an address
     * @param ports port for each protocol, such as {@code ws} and {@code tcp}; 0 counts as none
     */
    record Direct(String ip, SortedMap<String, Integer> ports) implements NodeRoute {
        public Direct {
            ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
        }
    }

    /** Both of it: only while a node is being registered. */
    record Both(String ip, SortedMap<String, Integer> ports, List<String> routers) implements NodeRoute {
        public Both {
            ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
            routers = List.copyOf(routers);
        }
    }
}
