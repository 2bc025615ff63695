package org.ashlar.codec;

/**
 * A message that is well formed, but goes to an address that cannot exist. Who sent it made a mistake in a name, which is
 * no reason to end the conversation between two nodes.
 */
public final class MisaddressedException extends CodecException {
    private static final long serialVersionUID = 1L;

    MisaddressedException(String message, Throwable cause) {
        super(message, cause);
    }
}
