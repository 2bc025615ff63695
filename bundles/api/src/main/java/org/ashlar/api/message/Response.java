package org.ashlar.api.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The answer to a {@link Request}.
 *
 * @param inherit      pass on the blob of the message being handled, unless another is given
 * @param body         the content; not to be modified once given
 * @param metadata     a text beside the body
 * @param capabilities what comes with it
 */
public record Response(boolean inherit, byte[] body, Optional<String> metadata,
                       List<SignedCapability> capabilities) implements Message {

    public Response {
        Objects.requireNonNull(body, "body");
        capabilities = List.copyOf(capabilities);
    }

    public static Response of(byte[] body) {
        return new Response(false, body, Optional.empty(), List.of());
    }

    /** A Response with a text body, encoded as UTF-8. */
    public static Response of(String body) {
        return of(body.getBytes(StandardCharsets.UTF_8));
    }

    public Response withMetadata(Optional<String> text) {
        return new Response(inherit, body, text, capabilities);
    }

    public Response withCapabilities(List<SignedCapability> attached) {
        return new Response(inherit, body, metadata, attached);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Response that && inherit == that.inherit && Arrays.equals(body, that.body)
                && metadata.equals(that.metadata) && capabilities.equals(that.capabilities);
    }

    @Override
    public int hashCode() {
        return Objects.hash(inherit, Arrays.hashCode(body), metadata, capabilities);
    }
}
