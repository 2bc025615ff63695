package org.ashlar.codec;

/**
 * A text or bytes that are not what they should be. The message is one line for a person: where, what was found, and
 * what was expected there.
 */
public sealed class CodecException extends RuntimeException permits MisaddressedException {
    private static final long serialVersionUID = 1L;

    public CodecException(String message) {
        super(message);
    }

    public CodecException(String message, Throwable cause) {
        super(message, cause);
    }
}
