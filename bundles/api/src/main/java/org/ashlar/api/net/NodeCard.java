package org.ashlar.api.net;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.ashlar.api.message.NodeName;

/**
 * What is to be known of a node to talk to it. That a card is right is for whoever gives it to vouch for.
 *
 * @param name      its name
 * @param key       its Ed25519 public key, 32 bytes. Not to be modified
 * @param addresses where it takes links, the best first; at most {@link #MAX}. None: it is reached through its routers
 * @param routers   names of nodes that lead to it, at most {@link #MAX}
 */
public record NodeCard(String name, byte[] key, List<NodeAddress> addresses, List<String> routers) {
    /** Most addresses, and most routers. */
    public static final int MAX = 16;
    private static final int KEY = 32;
    private static final int SHOWN = 16;
    private static final int GROUP = 4;

    /** @throws IllegalArgumentException when a part is not as described */
    public NodeCard {
        NodeName.checked(name);
        if (key.length != KEY) {
            throw new IllegalArgumentException("the key of " + name + " has " + key.length + " bytes, not " + KEY);
        }
        addresses = List.copyOf(addresses);
        routers = List.copyOf(routers);
        if (addresses.size() > MAX || routers.size() > MAX) {
            throw new IllegalArgumentException(name + " has more than " + MAX + " addresses or routers");
        }
        routers.forEach(NodeName::checked);
    }

    /** The first bytes of its key, for people to compare: hex digits in groups of four. */
    public String fingerprint() {
        return HexFormat.of().formatHex(key, 0, SHOWN).replaceAll("(?<=\\G.{" + GROUP + "})(?!$)", " ");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NodeCard that && name.equals(that.name) && Arrays.equals(key, that.key)
                && addresses.equals(that.addresses) && routers.equals(that.routers);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(key);
    }
}
