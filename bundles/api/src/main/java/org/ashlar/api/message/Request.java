package org.ashlar.api.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A message that may be answered.
 *
 * @param inherit         continue the Request that the sender is working on: same id, same receiver of the answer, and
 *                        its blob unless another is given (reference-kernel 2.4)
 * @param expectsResponse seconds, an unsigned 64-bit number, within which one answer must come; empty: none is expected
 * @param body            the content; not to be modified once given
 * @param metadata        a text beside the body
 * @param capabilities    what comes with it
 */
public record Request(boolean inherit, OptionalLong expectsResponse, byte[] body, Optional<String> metadata,
                      List<SignedCapability> capabilities) implements Message {

    public Request {
        Objects.requireNonNull(body, "body");
        capabilities = List.copyOf(capabilities);
    }

    /** A Request that wants no answer. */
    public static Request of(byte[] body) {
        return new Request(false, OptionalLong.empty(), body, Optional.empty(), List.of());
    }

    /** A Request with a text body, encoded as UTF-8, that wants no answer. */
    public static Request of(String body) {
        return of(body.getBytes(StandardCharsets.UTF_8));
    }

    /** The same Request, to be answered within {@code seconds}. */
    public Request expecting(long seconds) {
        return new Request(inherit, OptionalLong.of(seconds), body, metadata, capabilities);
    }

    public Request withMetadata(String text) {
        return new Request(inherit, expectsResponse, body, Optional.of(text), capabilities);
    }

    public Request withCapabilities(List<SignedCapability> attached) {
        return new Request(inherit, expectsResponse, body, metadata, attached);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Request that && inherit == that.inherit && expectsResponse.equals(that.expectsResponse)
                && Arrays.equals(body, that.body) && metadata.equals(that.metadata)
                && capabilities.equals(that.capabilities);
    }

    @Override
    public int hashCode() {
        return Objects.hash(inherit, expectsResponse, Arrays.hashCode(body), metadata, capabilities);
    }
}
