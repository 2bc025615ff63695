package org.ashlar.kernel;

/** What keeps a guest from starting for a while, and remembers that somebody wanted it to start. Guarded by the guest's slot. */
final class Hold {
    private boolean held;
    private boolean missed;

    boolean isOn() {
        return held;
    }

    /** @return false when somebody else holds already */
    boolean take() {
        boolean first = !held;
        held = true;
        return first;
    }

    /** The guest is to start. @return whether it may not now */
    boolean prevents() {
        missed |= held;
        return held;
    }

    /** @return whether the guest was to start meanwhile */
    boolean letGo() {
        boolean wanted = missed;
        held = false;
        missed = false;
        return wanted;
    }
}
