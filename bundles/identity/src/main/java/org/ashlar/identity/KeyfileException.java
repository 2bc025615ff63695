package org.ashlar.identity;

/** The bytes are no keyfile; the message says what is wrong with them, as part of a sentence about the file. */
class KeyfileException extends Exception {
    private static final long serialVersionUID = 1L;

    KeyfileException(String message) {
        super(message);
    }

    /** It may well be one, of a version that this program does not know. */
    static final class Newer extends KeyfileException {
        private static final long serialVersionUID = 1L;

        Newer(String version) {
            super("it has the layout version " + version);
        }
    }
}
