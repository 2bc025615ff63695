package org.ashlar.codec;

import static org.ashlar.codec.JsonText.object;
import static org.ashlar.codec.JsonText.optional;
import static org.ashlar.codec.JsonText.text;
import static org.ashlar.codec.JsonText.u64;
import static org.ashlar.codec.JsonText.unit;
import static org.ashlar.codec.JsonText.variant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** What can be done with a database of tables (reference-modules 4.3). Transaction ids are unsigned. */
public sealed interface SqliteAction {
    /** @throws CodecException when it is none of the actions */
    static SqliteAction read(JsonValue.Variant action) {
        JsonValue content = action.content();
        return switch (action.name()) {
            case "Open" -> action.unit(new Open());
            case "RemoveDb" -> action.unit(new RemoveDb());
            case "Query" -> new Query(content.text());
            case "Write" -> new Write(content.field("statement").text(), DatabaseRequest.transaction(content));
            case "BeginTx" -> action.unit(new BeginTx());
            case "Commit" -> new Commit(content.field("tx_id").u64());
            default -> throw action.unknown("Open", "RemoveDb", "Query", "Write", "BeginTx", "Commit");
        };
    }

    /** The JSON form. */
    default JsonNode json() {
        return switch (this) {
            case Open it -> unit("Open");
            case RemoveDb it -> unit("RemoveDb");
            case Query(String sql) -> variant("Query", text(sql));
            case Write(String statement, Optional<Long> transaction) -> {
                ObjectNode content = object().put("statement", statement);
                content.set("tx_id", optional(transaction, JsonText::u64));
                yield variant("Write", content);
            }
            case BeginTx it -> unit("BeginTx");
            case Commit(long transaction) -> variant("Commit", object().set("tx_id", u64(transaction)));
        };
    }

    /** Makes the database if there is none, and gives the capabilities to read and write it. */
    record Open() implements SqliteAction { }

    /** Removes the database. */
    record RemoveDb() implements SqliteAction { }

    /** Asks for rows; parameters are in the blob. */
    record Query(String sql) implements SqliteAction { }

    /** Carries out a statement, now or with the transaction; parameters are in the blob. */
    record Write(String statement, Optional<Long> transaction) implements SqliteAction { }

    record BeginTx() implements SqliteAction { }

    record Commit(long transaction) implements SqliteAction { }
}
