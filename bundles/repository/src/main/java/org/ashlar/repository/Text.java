package org.ashlar.repository;

/** Texts of strangers in messages. */
final class Text {
    private static final int SHOWN = 80;

    private Text() { }

    /** At most 80 characters, without control characters. */
    static String shown(String text) {
        String cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return cut.replaceAll("\\p{Cntrl}", "\uFFFD");
    }
}
