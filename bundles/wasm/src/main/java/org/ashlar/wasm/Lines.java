package org.ashlar.wasm;

/** Makes one line of what a parser or compiler says. */
public final class Lines {
    /** In characters; what is said may quote the module's own names, which may be long. */
    private static final int LIMIT = 300;

    private Lines() { }

    /** The first line, cut off where it gets long. */
    public static String first(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() <= LIMIT ? line : line.substring(0, LIMIT) + "…";
    }
}
