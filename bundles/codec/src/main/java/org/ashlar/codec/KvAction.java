package org.ashlar.codec;

import static org.ashlar.codec.JsonText.bytes;
import static org.ashlar.codec.JsonText.object;
import static org.ashlar.codec.JsonText.optional;
import static org.ashlar.codec.JsonText.u64;
import static org.ashlar.codec.JsonText.unit;
import static org.ashlar.codec.JsonText.variant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** What can be done with a database of keys and values (reference-modules 4.2). Transaction ids are unsigned. */
public sealed interface KvAction {
    /** @throws CodecException when it is none of the actions */
    static KvAction read(JsonValue.Variant action) {
        JsonValue content = action.content();
        return switch (action.name()) {
            case "Open" -> action.unit(new Open());
            case "RemoveDb" -> action.unit(new RemoveDb());
            case "Set" -> new Set(content.field("key").bytes(), DatabaseRequest.transaction(content));
            case "Delete" -> new Delete(content.field("key").bytes(), DatabaseRequest.transaction(content));
            case "Get" -> new Get(content.bytes());
            case "BeginTx" -> action.unit(new BeginTx());
            case "Commit" -> new Commit(content.field("tx_id").u64());
            default -> throw action.unknown("Open", "RemoveDb", "Set", "Delete", "Get", "BeginTx", "Commit");
        };
    }

    /** The JSON form. */
    default JsonNode json() {
        return switch (this) {
            case Open it -> unit("Open");
            case RemoveDb it -> unit("RemoveDb");
            case Set(byte[] key, Optional<Long> transaction) -> variant("Set", keyed(key, transaction));
            case Delete(byte[] key, Optional<Long> transaction) -> variant("Delete", keyed(key, transaction));
            case Get(byte[] key) -> variant("Get", bytes(key));
            case BeginTx it -> unit("BeginTx");
            case Commit(long transaction) -> variant("Commit", object().set("tx_id", u64(transaction)));
        };
    }

    private static ObjectNode keyed(byte[] key, Optional<Long> transaction) {
        ObjectNode content = object();
        content.set("key", bytes(key));
        content.set("tx_id", optional(transaction, JsonText::u64));
        return content;
    }

    /** Makes the database if there is none, and gives the capabilities to read and write it. */
    record Open() implements KvAction { }

    /** Removes the database. */
    record RemoveDb() implements KvAction { }

    /** Sets a key to the blob, now or with the transaction. */
    record Set(byte[] key, Optional<Long> transaction) implements KvAction { }

    record Delete(byte[] key, Optional<Long> transaction) implements KvAction { }

    record Get(byte[] key) implements KvAction { }

    record BeginTx() implements KvAction { }

    record Commit(long transaction) implements KvAction { }
}
