package org.ashlar.terminal;

/**
 * Makes text that a guest wrote harmless for a terminal and a log: no escape sequences, no forged lines, nothing that
 * turns the direction of writing around.
 */
final class Printable {
    private static final int CONTROL_PICTURES = 0x2400;
    private static final char REPLACEMENT = '\uFFFD';

    private Printable() { }

    /** On one line: line breaks, too, are shown as signs. */
    static String line(String text) {
        return harmless(text, false);
    }

    /** Line breaks and tabs stay. */
    static String lines(String text) {
        return harmless(text, true);
    }

    private static String harmless(String text, boolean keepLayout) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (keepLayout && (c == '\n' || c == '\t')) {
                safe.append((char) c);
            } else if (c < 0x20) {
                safe.append((char) (CONTROL_PICTURES + c));
            } else if (c == 0x7f) {
                safe.append('\u2421');
            } else if (c < 0xa0 && c > 0x7f || turnsDirection(c) || c >= 0xd800 && c <= 0xdfff) {
                safe.append(REPLACEMENT);
            } else {
                safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }

    /** Line and paragraph separators, embeddings, overrides and isolates. */
    private static boolean turnsDirection(int c) {
        return c >= 0x2028 && c <= 0x202e || c >= 0x2066 && c <= 0x2069 || c == 0x200e || c == 0x200f || c == 0x061c;
    }
}
