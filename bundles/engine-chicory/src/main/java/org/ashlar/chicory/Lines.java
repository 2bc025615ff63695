package org.ashlar.chicory;

/** Makes one line of what Chicory says. */
final class Lines {
    /** In characters; Chicory quotes the module's own names, which may be long. */
    private static final int LIMIT = 300;

    private Lines() { }

    static String first(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() <= LIMIT ? line : line.substring(0, LIMIT) + "…";
    }
}
