package org.ashlar.process;

import java.util.Objects;

/**
 * A right that a process holds: what {@code issuer} lets its holder do.
 *
 * @param issuer the process that grants the right
 * @param params which right, as JSON text; two texts of the same JSON value are the same capability to the node,
 *     though not to {@link #equals}
 */
public record Capability(Address issuer, String params) {

    public Capability {
        Objects.requireNonNull(issuer, "issuer");
        Objects.requireNonNull(params, "params");
    }

    /** The right to send messages to {@code target}. */
    public static Capability messaging(Address target) {
        return new Capability(target, "\"messaging\"");
    }
}
