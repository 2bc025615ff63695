package org.ashlar.component.binary;

/** Why bytes are not accepted as a component; the message is one line. */
public final class Rejected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Which rules are broken. */
    public enum Reason { MALFORMED, INVALID, UNSUPPORTED, LIMIT }

    private final Reason reason;

    /** More of a message helps nobody; names in it come from strangers and may be of any length. */
    private static final int MESSAGE_LENGTH = 1000;

    private Rejected(Reason reason, String message) {
        super(oneLine(message));
        this.reason = reason;
    }

    private static String oneLine(String text) {
        String start = text.length() <= MESSAGE_LENGTH ? text : text.substring(0, MESSAGE_LENGTH) + "…";
        StringBuilder line = new StringBuilder(start.length());
        start.codePoints().forEach(c -> line.appendCodePoint(isPlain(c) ? c : '?'));
        return line.toString();
    }

    private static boolean isPlain(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
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
