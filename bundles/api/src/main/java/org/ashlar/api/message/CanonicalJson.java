package org.ashlar.api.message;

import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;

/**
 * Brings JSON text into one form, so that two texts of the same value are the same string: keys sorted (the last of
 * equal ones counts), no white space, one way to write each string and number. A text that is not JSON (RFC 8259)
 * becomes {@code null}, as the specification's comparison of capabilities has it.
 */
final class CanonicalJson {
    /** Deepest nesting read; deeper text counts as no JSON. */
    private static final int MAX_DEPTH = 128;
    private static final BigInteger MAX_U64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final BigInteger MIN_I64 = BigInteger.valueOf(Long.MIN_VALUE);
    private static final int MAX_INTEGER_DIGITS = 20;

    private final String text;
    private int at;

    private CanonicalJson(String text) {
        this.text = text;
    }

    static String of(String text) {
        if (text.equals(Capability.MESSAGING) || text.equals(Capability.NETWORK)) {
            return text;
        }
        try {
            CanonicalJson reader = new CanonicalJson(text);
            StringBuilder out = new StringBuilder(text.length());
            reader.value(out, 0);
            reader.space();
            return reader.at == text.length() ? out.toString() : "null";
        } catch (NotJson e) {
            return "null";
        }
    }

    private void value(StringBuilder out, int depth) throws NotJson {
        if (depth > MAX_DEPTH) {
            throw new NotJson();
        }
        space();
        switch (peek()) {
            case '{' -> object(out, depth);
            case '[' -> array(out, depth);
            case '"' -> quote(out, string());
            case 't' -> literal(out, "true");
            case 'f' -> literal(out, "false");
            case 'n' -> literal(out, "null");
            default -> number(out);
        }
    }

    private void object(StringBuilder out, int depth) throws NotJson {
        at++;
        Map<String, String> members = new TreeMap<>();
        space();
        if (!take('}')) {
            do {
                space();
                String key = string();
                space();
                expect(':');
                StringBuilder value = new StringBuilder();
                value(value, depth + 1);
                members.put(key, value.toString());
                space();
            } while (take(','));
            expect('}');
        }
        out.append('{');
        members.forEach((key, value) -> {
            if (out.charAt(out.length() - 1) != '{') {
                out.append(',');
            }
            quote(out, key);
            out.append(':').append(value);
        });
        out.append('}');
    }

    private void array(StringBuilder out, int depth) throws NotJson {
        at++;
        out.append('[');
        space();
        if (!take(']')) {
            value(out, depth + 1);
            space();
            while (take(',')) {
                out.append(',');
                value(out, depth + 1);
                space();
            }
            expect(']');
        }
        out.append(']');
    }

    private String string() throws NotJson {
        expect('"');
        StringBuilder content = new StringBuilder();
        while (true) {
            char c = next();
            if (c == '"') {
                return content.toString();
            }
            if (c < 0x20) {
                throw new NotJson();
            }
            content.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() throws NotJson {
        char c = next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> (char) (hex() << 12 | hex() << 8 | hex() << 4 | hex());
            default -> throw new NotJson();
        };
    }

    private int hex() throws NotJson {
        char c = next();
        int digit = c < 0x80 ? Character.digit(c, 16) : -1;
        if (digit < 0) {
            throw new NotJson();
        }
        return digit;
    }

    /** Integers of 64 bits keep their value; all else is a double, as in the specification's reader. */
    private void number(StringBuilder out) throws NotJson {
        int start = at;
        take('-');
        if (!take('0')) {
            digits();
        }
        boolean whole = true;
        if (take('.')) {
            whole = false;
            digits();
        }
        if (at < text.length() && (peek() == 'e' || peek() == 'E')) {
            whole = false;
            at++;
            if (!take('+')) {
                take('-');
            }
            digits();
        }
        String number = text.substring(start, at);
        if (whole && number.length() <= MAX_INTEGER_DIGITS) {
            BigInteger value = new BigInteger(number);
            if (value.compareTo(MAX_U64) <= 0 && value.compareTo(MIN_I64) >= 0 && !number.equals("-0")) {
                out.append(value);
                return;
            }
        }
        double value = Double.parseDouble(number);
        if (Double.isInfinite(value)) {
            throw new NotJson();
        }
        out.append(value);
    }

    private void digits() throws NotJson {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw new NotJson();
        }
    }

    private void literal(StringBuilder out, String word) throws NotJson {
        if (!text.startsWith(word, at)) {
            throw new NotJson();
        }
        at += word.length();
        out.append(word);
    }

    private static void quote(StringBuilder out, String content) {
        out.append('"');
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            if (c == '"' || c == '\\' || c < 0x20) {
                out.append('\\').append((int) c).append(';');
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private void space() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() throws NotJson {
        if (at >= text.length()) {
            throw new NotJson();
        }
        return text.charAt(at);
    }

    private char next() throws NotJson {
        char c = peek();
        at++;
        return c;
    }

    private boolean take(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) throws NotJson {
        if (!take(c)) {
            throw new NotJson();
        }
    }

    private static final class NotJson extends Exception {
        private static final long serialVersionUID = 1L;

        NotJson() {
            super(null, null, false, false);
        }
    }
}
