package org.ashlar.api.message;

/**
 * A text that is no identifier. The message names the value, what is wrong with it and what is allowed.
 */
public final class IdentifierException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** What is wrong; the names are those of the specification (reference-kernel 1.2). */
    public enum Kind { MISSING_FIELD, TOO_MANY_COLONS, MISSING_NODE_ID, TOO_MANY_ATS, INVALID_CHARACTER, TOO_LONG }

    private final transient Kind kind;

    public IdentifierException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
