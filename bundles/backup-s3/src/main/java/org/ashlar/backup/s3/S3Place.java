package org.ashlar.backup.s3;

import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.Credential;
import org.ashlar.http.HttpPlace;

/**
 * A part of a bucket: {@code s3:https://HOST[:PORT]/BUCKET[/PREFIX]} at any store, {@code s3://BUCKET[/PREFIX]} at Amazon's. The bucket stands in
 * the path, which every store understands.
 *
 * @param bucket its address
 * @param name   its name
 * @param prefix of all objects; empty, or ends with a slash
 * @param region that requests are signed for
 */
record S3Place(HttpPlace bucket, String name, String prefix, String region) {
    static final String REGION = "region";
    static final Set<String> OPTIONS = Set.of(REGION, HttpPlace.CERTIFICATE, HttpPlace.PLAIN);
    static final String KIND = "s3";
    private static final String DEFAULT_REGION = "us-east-1";
    private static final String PREFIX = "prefix";
    private static final String AMAZON = "s3://";

    /** @throws IOException when it cannot be meant, with a line that says why */
    static Map<String, Object> configuration(String location, Map<String, String> options) throws IOException {
        String region = options.getOrDefault(REGION, DEFAULT_REGION);
        if (!region.matches("[a-z0-9-]{1,64}")) {
            throw new IOException("--" + REGION + " takes the name of a region, such as " + DEFAULT_REGION);
        }
        boolean amazon = location.toLowerCase(Locale.ROOT).startsWith(AMAZON);
        String whole = amazon ? KIND + ":https://" + KIND + "." + region + ".amazonaws.com/" + location.substring(AMAZON.length()) : location;
        Map<String, Object> there = HttpPlace.configuration(KIND, whole, options);
        URI address = HttpPlace.of(there).base();
        String[] path = address.getRawPath().substring(1).split("/", 2);
        if (!path[0].matches("[a-z0-9][a-z0-9.-]{1,62}") || path.length == 2 && !path[1].matches("[A-Za-z0-9._/-]*")) {
            throw new IOException("write the name of a bucket, and what the names in it begin with: " + AMAZON + "BUCKET/PREFIX, or " + KIND
                    + ":https://HOST/BUCKET/PREFIX (letters, digits, dots, dashes)");
        }
        Map<String, Object> values = new HashMap<>(HttpPlace.configuration(KIND, KIND + ":" + address.resolve("/" + path[0] + "/"), options));
        values.put(PREFIX, path.length == 2 ? path[1] : "");
        values.put(REGION, region);
        values.put(BackupTarget.LOCATION, amazon ? location : String.valueOf(there.get(BackupTarget.LOCATION)));
        return values;
    }

    /** Of a configuration that {@link #configuration} made, or a person wrote. @throws IOException when it names no place */
    static S3Place of(Map<String, Object> configuration) throws IOException {
        HttpPlace bucket = HttpPlace.of(configuration);
        String prefix = text(configuration, PREFIX).orElse("");
        if (!prefix.matches("([A-Za-z0-9._-]+/)*")) {
            throw new IOException("the prefix of an S3 target ends with a slash, and has letters, digits, dots and dashes");
        }
        return new S3Place(bucket, bucket.base().getPath().replace("/", ""), prefix, text(configuration, REGION).orElse(DEFAULT_REGION));
    }

    private static Optional<String> text(Map<String, Object> configuration, String key) {
        return Optional.ofNullable(configuration.get(key)).map(String::valueOf).filter(text -> !text.isEmpty());
    }

    List<Credential.Part> credential() {
        return List.of(new Credential.Part("Access key for " + name, false), new Credential.Part("Secret of that key", true));
    }
}
