package org.ashlar.codec;

import static org.ashlar.codec.JsonText.object;
import static org.ashlar.codec.JsonText.u64;
import static org.ashlar.codec.JsonText.unit;
import static org.ashlar.codec.JsonText.variant;

import java.util.Arrays;

/** What {@code kv:distro:sys} and {@code sqlite:distro:sys} answer (reference-modules 4). */
public sealed interface DatabaseResponse {
    /** Longest body read, in bytes. */
    int MAX_BYTES = 2 << 20;

    /** @throws CodecException when {@code body} is no such answer */
    static DatabaseResponse parse(byte[] body) {
        JsonValue.Variant answer = JsonValue.parse("database response", body, MAX_BYTES).variant();
        return switch (answer.name()) {
            case "Ok" -> answer.unit(new Done());
            case "Read" -> answer.unit(new Read());
            case "Get" -> new Got(answer.content().bytes());
            case "BeginTx" -> new Begun(answer.content().field("tx_id").u64());
            case "Err" -> new Err(DatabaseError.read(answer.content().variant()));
            default -> throw answer.unknown("Ok", "Read", "Get", "BeginTx", "Err");
        };
    }

    default byte[] encode() {
        return JsonText.utf8(switch (this) {
            case Done it -> unit("Ok");
            case Read it -> unit("Read");
            case Got(byte[] key) -> variant("Get", JsonText.bytes(key));
            case Begun(long transaction) -> variant("BeginTx", object().set("tx_id", u64(transaction)));
            case Err(DatabaseError error) -> variant("Err", error.json());
        });
    }

    /** {@code "Ok"}. */
    record Done() implements DatabaseResponse { }

    /** Rows are in the blob. */
    record Read() implements DatabaseResponse { }

    /** The value of the key is in the blob. */
    record Got(byte[] key) implements DatabaseResponse {
        @Override
        public boolean equals(Object other) {
            return other instanceof Got that && Arrays.equals(key, that.key);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(key);
        }
    }

    /** {@code BeginTx}. */
    record Begun(long transaction) implements DatabaseResponse { }

    record Err(DatabaseError error) implements DatabaseResponse { }
}
