package org.ashlar.codec;

import static org.ashlar.codec.JsonText.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Function;

/**
 * What {@code kv:distro:sys} and {@code sqlite:distro:sys} are asked to do: {@code {"package_id","db","action"}}
 * (reference-modules 4).
 *
 * @param <A> {@link KvAction} or {@link SqliteAction}
 */
public record DatabaseRequest<A>(DatabaseKey key, A action) {
    /** Longest body read, in bytes. */
    public static final int MAX_BYTES = 2 << 20;

    /** @throws CodecException when {@code body} is no such request */
    public static DatabaseRequest<KvAction> kv(byte[] body) {
        return parse("kv request", body, KvAction::read);
    }

    /** @throws CodecException when {@code body} is no such request */
    public static DatabaseRequest<SqliteAction> sqlite(byte[] body) {
        return parse("sqlite request", body, SqliteAction::read);
    }

    private static <A> DatabaseRequest<A> parse(String what, byte[] body, Function<JsonValue.Variant, A> reader) {
        JsonValue request = JsonValue.parse(what, body, MAX_BYTES);
        DatabaseKey key = new DatabaseKey(MessageJson.packageId(request.field("package_id")), request.field("db").text());
        return new DatabaseRequest<>(key, reader.apply(request.field("action").variant()));
    }

    public static byte[] encode(DatabaseKey key, KvAction action) {
        return encode(key, action.json());
    }

    public static byte[] encode(DatabaseKey key, SqliteAction action) {
        return encode(key, action.json());
    }

    private static byte[] encode(DatabaseKey key, JsonNode action) {
        return JsonText.utf8(object().<ObjectNode>set("package_id", MessageJson.write(key.owner()))
                .put("db", key.name()).set("action", action));
    }

    static Optional<Long> transaction(JsonValue content) {
        return content.optional("tx_id").map(JsonValue::u64);
    }
}
