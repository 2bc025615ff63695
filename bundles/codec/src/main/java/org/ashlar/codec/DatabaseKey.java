package org.ashlar.codec;

import static org.ashlar.codec.JsonText.text;
import static org.ashlar.codec.JsonText.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.ashlar.api.message.PackageId;

/**
 * Names a database.
 *
 * @param owner the package whose it is
 * @param name  not checked here
 */
public record DatabaseKey(PackageId owner, String name) {
    static DatabaseKey read(JsonValue value) {
        List<JsonValue> parts = value.tuple(2);
        return new DatabaseKey(MessageJson.packageId(parts.get(0)), parts.get(1).text());
    }

    JsonNode json() {
        return tuple(MessageJson.write(owner), text(name));
    }

    /** As capabilities have it: {@code [{"package_name","publisher_node"},"name"]}. */
    @Override
    public String toString() {
        return json().toString();
    }
}
