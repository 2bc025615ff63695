package org.ashlar.codec;

import static org.ashlar.codec.JsonText.object;
import static org.ashlar.codec.JsonText.texts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;

/**
 * What a package is, for the person who decides about it.
 *
 * @param id          its name and publisher
 * @param version     its version
 * @param installed   the version that is installed now
 * @param title       its title
 * @param description what its publisher says about it
 * @param hash        SHA-256 of the zip, hex
 * @param processes   its processes
 * @param asks        what its processes ask for, a line each, in plain words
 * @param grants      what its processes let others do, a line each, in plain words
 * @param fresh       those of {@code asks} and {@code grants} that the installed version was not granted: what
 *                    consent is needed for
 * @param notices     what was passed over in its manifest
 */
public record PackageReport(PackageId id, String version, Optional<String> installed, Optional<String> title,
                            Optional<String> description, String hash, List<ProcessId> processes, List<String> asks,
                            List<String> grants, List<String> fresh, List<String> notices) {
    /** Longest text read, in bytes. */
    public static final int MAX_BYTES = 8 << 20;

    public PackageReport {
        processes = List.copyOf(processes);
        asks = List.copyOf(asks);
        grants = List.copyOf(grants);
        fresh = List.copyOf(fresh);
        notices = List.copyOf(notices);
    }

    /** @throws CodecException when it is none */
    public static PackageReport parse(byte[] json) {
        return read(JsonValue.parse("package report", json, MAX_BYTES));
    }

    public byte[] encode() {
        return JsonText.utf8(write());
    }

    static PackageReport read(JsonValue json) {
        return new PackageReport(MessageJson.packageId(json.field("package_id")), json.field("version").text(),
                json.optional("installed").map(JsonValue::text), json.optional("title").map(JsonValue::text),
                json.optional("description").map(JsonValue::text), json.field("hash").text(),
                json.field("processes").list(MessageJson::processId), lines(json, "asks"), lines(json, "grants"),
                lines(json, "fresh"), lines(json, "notices"));
    }

    private static List<String> lines(JsonValue json, String key) {
        return json.field(key).list(JsonValue::text);
    }

    ObjectNode write() {
        ObjectNode json = object();
        json.set("package_id", MessageJson.write(id));
        json.put("version", version).put("installed", installed.orElse(null)).put("title", title.orElse(null))
                .put("description", description.orElse(null)).put("hash", hash);
        json.set("processes", texts(processes));
        json.set("asks", texts(asks));
        json.set("grants", texts(grants));
        json.set("fresh", texts(fresh));
        json.set("notices", texts(notices));
        return json;
    }
}
