package org.ashlar.conformance;

import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.ProcessId;

/** A process that carries out scripts and keeps a journal. */
record Probe(Address address) {
    ProcessId id() {
        return address.process();
    }

    /** The right to message it. */
    Capability messaging() {
        return Capability.messaging(address);
    }

    /** A right of its own making. @param params JSON text */
    Capability issues(String params) {
        return new Capability(address, params);
    }
}
