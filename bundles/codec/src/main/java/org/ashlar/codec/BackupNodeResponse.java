package org.ashlar.codec;

import static org.ashlar.codec.JsonText.bool;
import static org.ashlar.codec.JsonText.i64;
import static org.ashlar.codec.JsonText.list;
import static org.ashlar.codec.JsonText.object;
import static org.ashlar.codec.JsonText.unit;
import static org.ashlar.codec.JsonText.utf8;
import static org.ashlar.codec.JsonText.variant;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What a node that keeps backups answers to a {@link BackupNodeRequest}. */
public sealed interface BackupNodeResponse {
    /** Longest body read, in bytes. */
    int MAX_BYTES = 2 << 20;
    /** Most objects in one answer. */
    int MAX_LISTED = 5_000;

    /** @throws CodecException when {@code body} is no such answer */
    static BackupNodeResponse parse(byte[] body) {
        JsonValue.Variant answer = JsonValue.parse("backup node response", body, MAX_BYTES).variant();
        JsonValue content = answer.content();
        return switch (answer.name()) {
            case "More" -> answer.unit(new More());
            case "Stored" -> new Stored(content.bool());
            case "Got" -> answer.unit(new Got());
            case "Missing" -> answer.unit(new Missing());
            case "Listed" -> new Listed(content.field("objects").list(item -> new Listed.Item(item.field("name").text(), size(item.field("size")))),
                    content.field("more").bool());
            case "Deleted" -> new Deleted(content.bool());
            case "Size" -> new Size(size(content));
            case "Refused" -> new Refused(content.text());
            case "Failed" -> new Failed(content.text());
            default -> throw answer.unknown("More", "Stored", "Got", "Missing", "Listed", "Deleted", "Size", "Refused", "Failed");
        };
    }

    private static long size(JsonValue number) {
        long size = number.i64();
        if (size < 0) {
            throw number.refused("a size");
        }
        return size;
    }

    default byte[] encode() {
        return utf8(switch (this) {
            case More it -> unit("More");
            case Stored it -> variant("Stored", bool(it.first));
            case Got it -> unit("Got");
            case Missing it -> unit("Missing");
            case Listed it -> variant("Listed", (JsonNode) object().put("more", it.more).set("objects",
                    list(it.objects, item -> object().put("name", item.name).put("size", item.size))));
            case Deleted it -> variant("Deleted", bool(it.was));
            case Size it -> variant("Size", i64(it.bytes));
            case Refused it -> variant("Refused", it.why);
            case Failed it -> variant("Failed", it.why);
        });
    }

    /** The part was taken; the next one may come. */
    record More() implements BackupNodeResponse { }

    /** The object is there. @param first whether there was none of that name before */
    record Stored(boolean first) implements BackupNodeResponse { }

    /** What was asked for is in the blob. */
    record Got() implements BackupNodeResponse { }

    /** There is no such object. */
    record Missing() implements BackupNodeResponse { }

    /** @param more whether others come after these */
    record Listed(List<Item> objects, boolean more) implements BackupNodeResponse {
        /** An object. */
        public record Item(String name, long size) { }
    }

    /** @param was whether there was one */
    record Deleted(boolean was) implements BackupNodeResponse { }

    record Size(long bytes) implements BackupNodeResponse { }

    /** It would be refused again. */
    record Refused(String why) implements BackupNodeResponse { }

    /** It may pass. */
    record Failed(String why) implements BackupNodeResponse { }
}
