package org.ashlar.packages;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes packages for tests. */
final class Zips {
    static final String METADATA = """
            {"name":"Chat","properties":{"package_name":"chat","publisher":"alice.os","current_version":"%s",
             "mirrors":[],"code_hashes":{},"wit_version":1}}""";

    private final Map<String, byte[]> files = new LinkedHashMap<>();

    /** A package folder with the given version and manifest. */
    static Zips chat(String version, String... processes) {
        return new Zips().with("metadata.json", METADATA.formatted(version))
                .with("pkg/manifest.json", "[" + String.join(",", processes) + "]");
    }

    /** A manifest entry that asks for {@code requests} and gives {@code grants} (JSON items). */
    static String process(String name, boolean networking, String requests, String grants) {
        return """
                {"process_name":"%s","process_wasm_path":"/%s.wasm","on_exit":"Restart","request_networking":%s,
                 "request_capabilities":[%s],"grant_capabilities":[%s],"public":false}"""
                .formatted(name, name, networking, requests, grants);
    }

    Zips with(String path, String content) {
        return with(path, content.getBytes(UTF_8));
    }

    Zips with(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    /** A component that the test kernel takes for {@code kind}. */
    Zips wasm(String name, String kind) {
        return with("pkg/" + name + ".wasm", "\0asm" + kind);
    }

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                out.putNextEntry(new ZipEntry(file.getKey()));
                out.write(file.getValue());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }
}
