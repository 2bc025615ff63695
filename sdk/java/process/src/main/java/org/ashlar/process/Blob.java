package org.ashlar.process;

import java.util.Objects;
import java.util.Optional;

/**
 * Bytes that travel beside a message.
 *
 * @param mime their media type, if the sender named one
 * @param bytes the content
 */
public record Blob(Optional<String> mime, byte[] bytes) {

    public Blob {
        Objects.requireNonNull(mime, "mime");
        Objects.requireNonNull(bytes, "bytes");
    }

    /** A blob without a media type. */
    public static Blob of(byte[] bytes) {
        return new Blob(Optional.empty(), bytes);
    }
}
