package org.ashlar.codec;

import static org.ashlar.codec.JsonText.object;
import static org.ashlar.codec.JsonText.unit;
import static org.ashlar.codec.JsonText.variant;

import com.fasterxml.jackson.databind.JsonNode;
import org.ashlar.api.message.ProcessId;

/** What {@code state:distro:sys} answers (reference-kernel 8.2). */
public sealed interface StateResponse {
    /** Longest body read, in bytes. */
    int MAX_BYTES = 65_536;

    /** @throws CodecException when {@code body} is no such answer */
    static StateResponse parse(byte[] body) {
        JsonValue.Variant answer = JsonValue.parse("state response", body, MAX_BYTES).variant();
        return switch (answer.name()) {
            case "GetState", "SetState", "DeleteState", "Backup" -> answer.unit(new Done(answer.name()));
            case "Err" -> error(answer.content().variant());
            default -> throw answer.unknown("GetState", "SetState", "DeleteState", "Backup", "Err");
        };
    }

    private static StateResponse error(JsonValue.Variant error) {
        JsonValue content = error.content();
        return switch (error.name()) {
            case "RocksDBError" -> new StoreError(content.field("action").text(), content.field("error").text());
            case "BadBytes" -> new BadBytes(content.field("action").text());
            case "BadRequest" -> new BadRequest(content.field("error").text());
            case "BadJson" -> new BadJson(content.field("error").text());
            case "NotFound" -> new NotFound(MessageJson.processId(content.field("process_id")));
            case "IOError" -> new IoError(content.field("error").text());
            default -> throw error.unknown("RocksDBError", "BadBytes", "BadRequest", "BadJson", "NotFound", "IOError");
        };
    }

    default byte[] encode() {
        return JsonText.utf8(switch (this) {
            case Done(String action) -> unit(action);
            case StoreError(String action, String error) ->
                    err("RocksDBError", object().put("action", action).put("error", error));
            case BadBytes(String action) -> err("BadBytes", object().put("action", action));
            case BadRequest(String error) -> err("BadRequest", object().put("error", error));
            case BadJson(String error) -> err("BadJson", object().put("error", error));
            case NotFound(ProcessId id) -> err("NotFound", object().put("process_id", id.toString()));
            case IoError(String error) -> err("IOError", object().put("error", error));
        });
    }

    private static JsonNode err(String name, JsonNode content) {
        return variant("Err", variant(name, content));
    }

    /** @param action the name of the action that succeeded */
    record Done(String action) implements StateResponse { }

    /** The store failed; its name on the wire is that of the specification's database. */
    record StoreError(String action, String error) implements StateResponse { }

    /** A blob is missing. */
    record BadBytes(String action) implements StateResponse { }

    record BadRequest(String error) implements StateResponse { }

    record BadJson(String error) implements StateResponse { }

    record NotFound(ProcessId id) implements StateResponse { }

    record IoError(String error) implements StateResponse { }
}
