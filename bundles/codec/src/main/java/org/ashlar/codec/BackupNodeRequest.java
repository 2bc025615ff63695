package org.ashlar.codec;

import static org.ashlar.codec.JsonText.object;
import static org.ashlar.codec.JsonText.utf8;
import static org.ashlar.codec.JsonText.variant;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.ashlar.api.backup.BackupTarget;

/** What {@code backup-node:distro:sys} of one node asks that of another, which keeps backups for it. Ours; the specification has none. */
public sealed interface BackupNodeRequest {
    /** Longest body read, in bytes. */
    int MAX_BYTES = 4096;
    /** Longest part of an object in one message, in bytes. */
    int MAX_PART = 1 << 20;

    /** @throws CodecException when {@code body} is no such request */
    static BackupNodeRequest parse(byte[] body) {
        JsonValue.Variant request = JsonValue.parse("backup node request", body, MAX_BYTES).variant();
        JsonValue content = request.content();
        return switch (request.name()) {
            case "Put" -> new Put(content.field("upload").text(), name(content), bounded(content.field("size"), BackupTarget.MAX_OBJECT),
                    bounded(content.field("offset"), BackupTarget.MAX_OBJECT));
            case "Get" -> new Get(name(content), bounded(content.field("offset"), Long.MAX_VALUE), (int) bounded(content.field("length"), MAX_PART));
            case "List" -> new List(name(content), content.optional("after").map(JsonValue::text));
            case "Delete" -> new Delete(name(content));
            case "Stat" -> new Stat(name(content));
            default -> throw request.unknown("Put", "Get", "List", "Delete", "Stat");
        };
    }

    private static String name(JsonValue content) {
        JsonValue name = content.field("name");
        if (!BackupTarget.isName(name.text())) {
            throw name.refused("the name of an object");
        }
        return name.text();
    }

    private static long bounded(JsonValue number, long most) {
        long value = number.i64();
        if (value < 0 || value > most) {
            throw number.refused("a number from 0 to " + most);
        }
        return value;
    }

    default byte[] encode() {
        return utf8(switch (this) {
            case Put it -> variant("Put", (JsonNode) object().put("upload", it.upload).put("name", it.name).put("size", it.size).put("offset", it.offset));
            case Get it -> variant("Get", (JsonNode) object().put("name", it.name).put("offset", it.offset).put("length", it.length));
            case List it -> variant("List", (JsonNode) object().put("name", it.name).put("after", it.after.orElse(null)));
            case Delete it -> variant("Delete", (JsonNode) object().put("name", it.name));
            case Stat it -> variant("Stat", (JsonNode) object().put("name", it.name));
        });
    }

    /**
     * A part of an object, in the blob; they come in order, and with the last one the object is stored unless there is one of that name.
     *
     * @param upload the sender's own name for all parts together
     * @param size   of the object, in bytes; {@code offset} where the part begins
     */
    record Put(String upload, String name, long size, long offset) implements BackupNodeRequest { }

    /** Answered with the bytes in the blob, fewer than {@code length} at the end alone. */
    record Get(String name, long offset, int length) implements BackupNodeRequest { }

    /** Objects below a folder, in the order of their names. @param after those that come after this one */
    record List(String name, Optional<String> after) implements BackupNodeRequest { }

    record Delete(String name) implements BackupNodeRequest { }

    record Stat(String name) implements BackupNodeRequest { }
}
