package org.ashlar.codec;

import static org.ashlar.codec.JsonText.list;
import static org.ashlar.codec.JsonText.text;
import static org.ashlar.codec.JsonText.tuple;
import static org.ashlar.codec.JsonText.unit;
import static org.ashlar.codec.JsonText.variant;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.OnExit;

/**
 * {@code "None"}, {@code "Restart"} or {@code {"Requests":[[address, request, blob or null],…]}} (reference-kernel 4.1).
 */
public final class OnExitJson {
    /** Longest text read, in bytes. */
    public static final int MAX_BYTES = 8 << 20;
    /** Most Requests a process may leave behind. */
    public static final int MAX_REQUESTS = 256;

    private OnExitJson() { }

    public static OnExit parse(byte[] json) {
        return read(JsonValue.parse("on-exit", json, MAX_BYTES));
    }

    public static byte[] encode(OnExit onExit) {
        return JsonText.utf8(write(onExit));
    }

    public static OnExit read(JsonValue json) {
        JsonValue.Variant variant = json.variant();
        return switch (variant.name()) {
            case "None" -> variant.unit(OnExit.NONE);
            case "Restart" -> variant.unit(OnExit.RESTART);
            case "Requests" -> new OnExit.Requests(requests(variant.content()));
            default -> throw variant.unknown("None", "Restart", "Requests");
        };
    }

    private static List<OnExit.Parting> requests(JsonValue json) {
        List<OnExit.Parting> requests = json.list(item -> {
            List<JsonValue> parts = item.tuple(3);
            JsonValue blob = parts.get(2);
            return new OnExit.Parting(parts.get(0).identifier(Address::parse), MessageJson.request(parts.get(1)),
                    blob.isNull() ? Optional.empty() : Optional.of(MessageJson.blob(blob)));
        });
        if (requests.size() > MAX_REQUESTS) {
            throw new CodecException(json.where() + ": " + requests.size() + " Requests; at most " + MAX_REQUESTS
                    + " may be left behind");
        }
        return requests;
    }

    static JsonNode write(OnExit onExit) {
        return switch (onExit) {
            case OnExit.None none -> unit("None");
            case OnExit.Restart restart -> unit("Restart");
            case OnExit.Requests(List<OnExit.Parting> requests) -> variant("Requests", list(requests, parting ->
                    tuple(text(parting.target()), MessageJson.write(parting.request()),
                            MessageJson.writeBlob(parting.blob()))));
        };
    }
}
