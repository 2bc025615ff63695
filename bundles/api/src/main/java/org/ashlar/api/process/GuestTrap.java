package org.ashlar.api.process;

/** A guest's misuse of its interface; ends the instance with this line. */
public final class GuestTrap extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public GuestTrap(String message) {
        super(message);
    }
}
