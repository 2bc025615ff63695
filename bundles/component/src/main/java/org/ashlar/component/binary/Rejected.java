package org.ashlar.component.binary;

/** Why bytes are not accepted as a component; the message is one line. */
public final class Rejected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Which rules are broken. */
    public enum Reason { MALFORMED, INVALID, UNSUPPORTED, LIMIT }

    private final Reason reason;

    private Rejected(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public static Rejected malformed(String message) {
        return new Rejected(Reason.MALFORMED, message);
    }

    public static Rejected invalid(String message) {
        return new Rejected(Reason.INVALID, message);
    }

    public static Rejected unsupported(String feature) {
        return new Rejected(Reason.UNSUPPORTED, "unsupported: " + feature);
    }

    public static Rejected limit(String what, long limit) {
        return new Rejected(Reason.LIMIT, what + " exceeds the limit of " + limit);
    }

    /** The same fault, described from where it was noticed. */
    public Rejected within(String context) {
        return new Rejected(reason, context + ": " + getMessage());
    }

    public Reason reason() {
        return reason;
    }
}
