package org.ashlar.codec;

import static org.ashlar.codec.JsonText.unit;
import static org.ashlar.codec.JsonText.variant;

import com.fasterxml.jackson.databind.JsonNode;

/** What {@code vfs:distro:sys} answers (reference-modules 3.2). */
public sealed interface VfsResponse {
    /** Longest body read, in bytes. */
    int MAX_BYTES = 65_536;

    /** @throws CodecException when {@code body} is no such answer */
    static VfsResponse parse(byte[] body) {
        JsonValue.Variant answer = JsonValue.parse("vfs response", body, MAX_BYTES).variant();
        return switch (answer.name()) {
            case "Read" -> answer.unit(new Read());
            case "Err" -> error(answer.content().variant());
            default -> throw answer.unknown("Read", "Err");
        };
    }

    private static VfsResponse error(JsonValue.Variant error) {
        return switch (error.name()) {
            case "NoReadCap" -> error.unit(new NoReadCap());
            case "MalformedRequest" -> error.unit(new MalformedRequest());
            case "IOError" -> new IoError(error.content().text());
            default -> throw error.unknown("NoReadCap", "MalformedRequest", "IOError");
        };
    }

    default byte[] encode() {
        return JsonText.utf8(switch (this) {
            case Read it -> unit("Read");
            case NoReadCap it -> err(unit("NoReadCap"));
            case MalformedRequest it -> err(unit("MalformedRequest"));
            case IoError(String error) -> err(variant("IOError", JsonText.text(error)));
        });
    }

    private static JsonNode err(JsonNode content) {
        return variant("Err", content);
    }

    /** The content is in the blob. */
    record Read() implements VfsResponse { }

    record NoReadCap() implements VfsResponse { }

    record MalformedRequest() implements VfsResponse { }

    record IoError(String error) implements VfsResponse { }
}
