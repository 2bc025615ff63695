package org.ashlar.component;

/**
 * Bytes that are no valid component, a feature that is not supported, or imports that do not fit. The message is one line
 * that names the cause.
 */
public final class ComponentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of fault it is. */
    public enum Kind {
        /** The bytes do not follow the binary format. */
        MALFORMED,
        /** The binary format is followed, its validation rules are not. */
        INVALID,
        /** A known feature of the component model that this implementation lacks, such as its asynchronous part. */
        UNSUPPORTED,
        /** One of this implementation's own limits is exceeded (README, limits). */
        LIMIT,
        /** An import that the host does not offer, or a wrong use of the embedding API. */
        UNLINKABLE
    }

    private final Kind kind;

    public ComponentException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public ComponentException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
