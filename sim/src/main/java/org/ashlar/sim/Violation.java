package org.ashlar.sim;

/** Something happened that must never happen, or did not happen that must. Its message has the seed, and what came before. */
public final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    Violation(String what, Throwable cause) {
        super(what, cause);
    }
}
