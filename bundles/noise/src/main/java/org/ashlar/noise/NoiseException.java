package org.ashlar.noise;

/**
 * The other side does not keep to the protocol, or somebody in between changed its bytes, or a key is used up. What threw
 * it can not be used any further. The message is one line for a person.
 */
public final class NoiseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoiseException(String message) {
        super(message);
    }

    NoiseException(String message, Throwable cause) {
        super(message, cause);
    }
}
