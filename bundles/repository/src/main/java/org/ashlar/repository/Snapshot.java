package org.ashlar.repository;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * One moment of what is backed up.
 *
 * @param tree     the root folder
 * @param parent   the snapshot that it was compared with
 * @param paths    what was backed up, absolute
 * @param original of a snapshot that was changed (its tags), the first form's id
 */
public record Snapshot(Stamp time, Id tree, Optional<Id> parent, List<String> paths, String hostname, String username, long uid, long gid,
        List<String> tags, Optional<Id> original) {
    public Snapshot {
        paths = List.copyOf(paths);
        tags = List.copyOf(tags);
    }

    static Snapshot parse(byte[] json) {
        Document document = Document.parse("snapshot", json);
        return new Snapshot(Stamp.parse(document.text("time")), document.id("tree"), document.optionalId("parent"), document.texts("paths"),
                document.optionalText("hostname").orElse(""), document.optionalText("username").orElse(""),
                document.optionalNumber("uid", 0, 0xffff_ffffL).orElse(0L), document.optionalNumber("gid", 0, 0xffff_ffffL).orElse(0L),
                document.texts("tags"), document.optionalId("original"));
    }

    byte[] json() {
        return Document.write(json -> {
            json.writeStringField("time", time.toString());
            if (parent.isPresent()) {
                json.writeStringField("parent", parent.get().toString());
            }
            json.writeStringField("tree", tree.toString());
            texts(json, "paths", paths);
            json.writeStringField("hostname", hostname);
            json.writeStringField("username", username);
            if (uid != 0) {
                json.writeNumberField("uid", uid);
            }
            if (gid != 0) {
                json.writeNumberField("gid", gid);
            }
            if (!tags.isEmpty()) {
                texts(json, "tags", tags);
            }
            if (original.isPresent()) {
                json.writeStringField("original", original.get().toString());
            }
        });
    }

    private static void texts(JsonGenerator json, String key, List<String> texts) throws IOException {
        json.writeArrayFieldStart(key);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }
}
