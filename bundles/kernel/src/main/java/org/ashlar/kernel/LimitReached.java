package org.ashlar.kernel;

/** Something has no room because of a documented limit; nothing has changed. The message says which, for a person. */
final class LimitReached extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LimitReached(String reason) {
        super(reason);
    }
}
