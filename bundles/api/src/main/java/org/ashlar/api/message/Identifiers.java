package org.ashlar.api.message;

import org.ashlar.api.message.IdentifierException.Kind;

/** The grammar that all identifiers share (reference-kernel 1.1), checked on every input. */
final class Identifiers {
    private static final int SHOWN = 80;

    private Identifiers() { }

    /** Checks a process or package name: {@code [a-z0-9-]+}, at most {@link ProcessId#MAX_NAME} characters. */
    static String name(String what, String value) {
        return checked(what, value, ProcessId.MAX_NAME, false);
    }

    /** Checks a node or publisher name: {@code [a-z0-9.-]+}, at most {@link ProcessId#MAX_NODE} characters. */
    static String node(String what, String value) {
        return checked(what, value, ProcessId.MAX_NODE, true);
    }

    private static String checked(String what, String value, int max, boolean dots) {
        int length = value.length();
        if (length == 0) {
            throw new IdentifierException(Kind.MISSING_FIELD, "the " + what + " is empty");
        }
        if (length > max) {
            throw new IdentifierException(Kind.TOO_LONG, "the " + what + " " + quoted(value) + " has " + length
                    + " characters; at most " + max + " are allowed");
        }
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            boolean legal = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || dots && c == '.';
            if (!legal) {
                throw new IdentifierException(Kind.INVALID_CHARACTER, "the " + what + " " + quoted(value)
                        + " may contain only a-z, 0-9" + (dots ? ", '-' and '.'" : " and '-'"));
            }
        }
        return value;
    }

    /** Splits {@code text} at colons into exactly {@code count} parts; {@code form} is shown when it does not fit. */
    static String[] parts(String text, int count, String form) {
        String[] parts = text.split(":", -1);
        if (parts.length > count) {
            throw new IdentifierException(Kind.TOO_MANY_COLONS, quoted(text) + " has too many ':'; expected " + form);
        }
        if (parts.length < count) {
            throw new IdentifierException(Kind.MISSING_FIELD, quoted(text) + " has too few parts; expected " + form);
        }
        return parts;
    }

    static String quoted(String value) {
        return '"' + (value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value) + '"';
    }
}
