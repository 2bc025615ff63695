package org.ashlar.net;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Of which nodes two running copies were seen: two with one name and key, as after a home was copied. Each is told to the
 * person who runs this node once in a while. Any thread may call.
 */
final class Copies {
    private final Lines lines;
    private final Machine machine;
    /** When it was last seen; bounded, the first goes. */
    private final Map<String, Long> seen = new LinkedHashMap<>();

    Copies(Lines lines, Machine machine) {
        this.lines = lines;
        this.machine = machine;
    }

    /** Two running nodes have the name and key of {@code name}. */
    void of(String name) {
        if (isNew(name)) {
            lines.print(0, "two copies of " + name + " are running, with one name and key; only the one that connected last is"
                    + " talked to. Its owner should stop one of them, or give it another name");
        }
    }

    /** {@code name} says that it sees another node with the name and key of this one, which is {@code here}. */
    void ofThisNode(String here, String name) {
        if (isNew(here)) {
            lines.print(0, name + " sees another running copy of this node, with the same name and key; messages from there go to"
                    + " one of the two. Stop one of them, or give it another name");
        }
    }

    private synchronized boolean isNew(String name) {
        boolean first = !seesOf(name);
        seen.put(name, machine.nanos());
        if (seen.size() > Limits.COPIES_OF) {
            seen.remove(seen.keySet().iterator().next());
        }
        return first;
    }

    /** The nodes of which two copies were seen a short while ago. */
    synchronized List<String> seen() {
        return seen.keySet().stream().filter(this::seesOf).sorted().toList();
    }

    private synchronized boolean seesOf(String name) {
        Long at = seen.get(name);
        return at != null && machine.nanos() - at < Limits.COPIES.toNanos();
    }
}
