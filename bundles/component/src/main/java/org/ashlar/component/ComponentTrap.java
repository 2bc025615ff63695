package org.ashlar.component;

/**
 * A component broke the canonical ABI while it ran: a pointer out of bounds or misaligned, text that is not valid in its
 * encoding, an unknown discriminant or handle, a call at a time when it may not call. The message is one line.
 */
public final class ComponentTrap extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ComponentTrap(String message) {
        super(message);
    }

    public ComponentTrap(String message, Throwable cause) {
        super(message, cause);
    }
}
