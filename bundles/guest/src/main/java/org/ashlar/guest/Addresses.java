package org.ashlar.guest;

import org.ashlar.api.message.Address;
import org.ashlar.api.message.ProcessId;

/**
 * Translates addresses, and remembers those of late: a guest talks to few, and checking and building one costs more than
 * comparing four strings. One for each run of a guest; used by its thread.
 */
final class Addresses {
    /** How many are remembered each way; a power of two. */
    private static final int REMEMBERED = 16;

    private final Address[] lifted = new Address[REMEMBERED];
    private final Address[] lowered = new Address[REMEMBERED];
    private final Object[][] loweredForms = new Object[REMEMBERED][];

    /** @throws org.ashlar.api.message.IdentifierException when the guest's address is none */
    Address lift(Object value) {
        Object[] fields = (Object[]) value;
        Object[] process = (Object[]) fields[1];
        String node = (String) fields[0];
        String name = (String) process[0];
        int slot = (node.hashCode() * 31 + name.hashCode()) & (REMEMBERED - 1);
        Address known = lifted[slot];
        if (known == null || !isSame(known, node, process)) {
            known = new Address(node, liftId(process));
            lifted[slot] = known;
        }
        return known;
    }

    private static boolean isSame(Address known, String node, Object[] process) {
        ProcessId id = known.process();
        return known.node().equals(node) && id.process().equals(process[0]) && id.packageName().equals(process[1])
                && id.publisher().equals(process[2]);
    }

    /** The form is shared and must not be changed. */
    Object[] lower(Address address) {
        int slot = (address.node().hashCode() * 31 + address.process().process().hashCode()) & (REMEMBERED - 1);
        if (!address.equals(lowered[slot])) {
            loweredForms[slot] = new Object[] {address.node(), lowerId(address.process())};
            lowered[slot] = address;
        }
        return loweredForms[slot];
    }

    static ProcessId liftId(Object value) {
        Object[] fields = (Object[]) value;
        return new ProcessId((String) fields[0], (String) fields[1], (String) fields[2]);
    }

    static Object[] lowerId(ProcessId id) {
        return new Object[] {id.process(), id.packageName(), id.publisher()};
    }
}
