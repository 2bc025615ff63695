package org.ashlar.codec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.message.PackageId;

/**
 * A {@code metadata.json}: what a package is called, and by whom (reference-kernel 6.4). Keys for the eye alone
 * (pictures, links) are passed over.
 *
 * @param id          its name and publisher
 * @param version     its current version
 * @param name        its title, for people
 * @param description one or more sentences, for people
 * @param codeHashes  version → SHA-256 of that version's zip, hex
 * @param license     its licence
 * @param witVersion  the version of the guest world it was built for; informational
 */
public record PackageMetadata(PackageId id, String version, Optional<String> name, Optional<String> description,
                              Map<String, String> codeHashes, Optional<String> license, Optional<Long> witVersion) {
    /** Longest file read, in bytes. */
    public static final int MAX_BYTES = 1 << 20;

    /**
     * Reads the file. The specification's documents require the names and the version alone, its types more: the former
     * counts.
     *
     * @throws CodecException that names the key
     */
    public static PackageMetadata parse(byte[] file) {
        JsonValue json = JsonValue.parse("metadata.json", file, MAX_BYTES);
        JsonValue properties = json.field("properties");
        String name = properties.field("package_name").text();
        String publisher = properties.field("publisher").text();
        return new PackageMetadata(properties.identified(() -> new PackageId(name, publisher)),
                properties.field("current_version").text(), json.optional("name").map(JsonValue::text),
                json.optional("description").map(JsonValue::text),
                properties.optional("code_hashes").map(PackageMetadata::hashes).orElse(Map.of()),
                properties.optional("license").map(JsonValue::text),
                properties.optional("wit_version").map(JsonValue::u32));
    }

    /** An object, or a list of pairs as the app store sends them. */
    private static Map<String, String> hashes(JsonValue json) {
        Map<String, String> hashes = new LinkedHashMap<>();
        if (json.isArray()) {
            json.list(pair -> pair.tuple(2)).forEach((List<JsonValue> pair) ->
                    hashes.put(pair.get(0).text(), pair.get(1).text()));
        } else {
            json.entries().forEach((version, hash) -> hashes.put(version, hash.text()));
        }
        return Map.copyOf(hashes);
    }
}
