package org.ashlar.component;

import java.util.Optional;

/** A guest's resource on its way between instances, or in the hands of the embedder. */
final class GuestHandle implements GuestResource {
    private enum State { OWNED, BORROWED, GONE }

    final RuntimeResource type;
    /** What its definer knows it by. */
    final int representation;
    private State state;

    private GuestHandle(RuntimeResource type, int representation, State state) {
        this.type = type;
        this.representation = representation;
        this.state = state;
    }

    static GuestHandle owned(RuntimeResource type, int representation) {
        return new GuestHandle(type, representation, State.OWNED);
    }

    /** The same resource, given for the time of a call. */
    GuestHandle borrowed() {
        if (state == State.GONE) {
            throw new IllegalArgumentException("the resource was given away or dropped before");
        }
        return new GuestHandle(type, representation, State.BORROWED);
    }

    /** The same resource as it changes hands: this object owns it no longer. */
    GuestHandle give() {
        if (state != State.OWNED) {
            throw new IllegalArgumentException("the resource is only borrowed, or was given away before");
        }
        state = State.GONE;
        return owned(type, representation);
    }

    @Override
    public void drop() {
        if (state == State.OWNED) {
            state = State.GONE;
            type.destroy(this, Optional.empty(), Unit.VALUE);
        }
    }
}
