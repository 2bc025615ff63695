package org.ashlar.guest;

import org.ashlar.api.message.Address;
import org.ashlar.api.message.ProcessId;

/**
 * Makes the addresses that guests hand over, and remembers those of late: a guest talks to few, and checking and building one
 * costs more than comparing four texts. One for all guests of a runtime; any thread may call. Threads may overwrite what others
 * remembered: what they find is complete and compared in any case, for addresses are immutable.
 */
final class Addresses {
    /** How many are remembered; a power of two. */
    private static final int REMEMBERED = 256;

    private final Address[] addresses = new Address[REMEMBERED];
    private final ProcessId[] processes = new ProcessId[REMEMBERED];

    /** @throws org.ashlar.api.message.IdentifierException when {@code node} is no name of a node */
    Address address(String node, ProcessId process) {
        int slot = slot(31 * process.hashCode() + node.hashCode());
        Address known = addresses[slot];
        if (known == null || !known.process().equals(process) || !known.node().equals(node)) {
            known = new Address(node, process);
            addresses[slot] = known;
        }
        return known;
    }

    /** @throws org.ashlar.api.message.IdentifierException when a part is not of its grammar */
    ProcessId process(String name, String packageName, String publisher) {
        int slot = slot(31 * (31 * name.hashCode() + packageName.hashCode()) + publisher.hashCode());
        ProcessId known = processes[slot];
        if (known == null || !known.process().equals(name) || !known.packageName().equals(packageName)
                || !known.publisher().equals(publisher)) {
            known = new ProcessId(name, packageName, publisher);
            processes[slot] = known;
        }
        return known;
    }

    private static int slot(int hash) {
        return (hash ^ hash >>> 16 ^ hash >>> 8) & REMEMBERED - 1;
    }
}
