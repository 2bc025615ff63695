package org.ashlar.component;

import java.util.Objects;

/**
 * A value of a variant type.
 *
 * @param tag     index of its case, as declared
 * @param payload what the case carries, {@link Unit#VALUE} when nothing
 */
public record Variant(int tag, Object payload) {
    public Variant {
        Objects.requireNonNull(payload, "payload");
    }

    /** A case that carries nothing. */
    public static Variant of(int tag) {
        return new Variant(tag, Unit.VALUE);
    }

    public static Variant of(int tag, Object payload) {
        return new Variant(tag, payload);
    }
}
