package org.ashlar.codec;

import static org.ashlar.codec.JsonText.text;
import static org.ashlar.codec.JsonText.u64;
import static org.ashlar.codec.JsonText.unit;
import static org.ashlar.codec.JsonText.variant;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;

/** Why {@code kv:distro:sys} or {@code sqlite:distro:sys} did not do what it was asked (reference-modules 4). */
public sealed interface DatabaseError {
    static DatabaseError read(JsonValue.Variant error) {
        JsonValue content = error.content();
        return switch (error.name()) {
            case "NoDb" -> new NoDb(DatabaseKey.read(content));
            case "NoTx" -> new NoTx(content.u64());
            case "RocksDBError" -> new KvFailed(content.text());
            case "RusqliteError" -> new SqlFailed(content.text());
            case "IOError" -> new IoError(content.text());
            default -> error.unit(Arrays.stream(Plain.values()).filter(plain -> plain.wire().equals(error.name())).findFirst()
                    .orElseThrow(() -> error.unknown("NoDb", "NoTx", "RocksDBError", "RusqliteError", "IOError", "KeyNotFound", "…")));
        };
    }

    /** The JSON form. */
    default JsonNode json() {
        return switch (this) {
            case NoDb(DatabaseKey key) -> variant("NoDb", key.json());
            case NoTx(long transaction) -> variant("NoTx", u64(transaction));
            case KvFailed(String error) -> variant("RocksDBError", text(error));
            case SqlFailed(String error) -> variant("RusqliteError", text(error));
            case IoError(String error) -> variant("IOError", text(error));
            case Plain plain -> unit(plain.wire());
        };
    }

    /** Those that hold nothing. */
    enum Plain implements DatabaseError {
        KEY_NOT_FOUND("KeyNotFound"), NO_READ_CAP("NoReadCap"), NO_WRITE_CAP("NoWriteCap"),
        MISMATCHING_PACKAGE_ID("MismatchingPackageId"), ADD_CAP_FAILED("AddCapFailed"), MALFORMED_REQUEST("MalformedRequest"),
        NOT_A_READ_KEYWORD("NotAReadKeyword"), NOT_A_WRITE_KEYWORD("NotAWriteKeyword"), INVALID_PARAMETERS("InvalidParameters");

        private final String wire;

        Plain(String wire) {
            this.wire = wire;
        }

        String wire() {
            return wire;
        }
    }

    /** There is no such database. */
    record NoDb(DatabaseKey key) implements DatabaseError { }

    /** The process has no such transaction on this database. */
    record NoTx(long transaction) implements DatabaseError { }

    /** The database failed; its name on the wire is that of the specification's. */
    record KvFailed(String error) implements DatabaseError { }

    /** As above, of {@code sqlite}. */
    record SqlFailed(String error) implements DatabaseError { }

    /** @param error for a person */
    record IoError(String error) implements DatabaseError { }
}
