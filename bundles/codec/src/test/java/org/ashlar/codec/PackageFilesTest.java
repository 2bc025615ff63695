package org.ashlar.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;
import org.ashlar.codec.PackageManifest.Asked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackageFilesTest {
    private static final PackageId CHAT = PackageId.parse("chat:alice.os");
    private static final String ENTRY = """
            {"process_name":"chat","process_wasm_path":"/chat.wasm","on_exit":"Restart","request_networking":true,
             "request_capabilities":["timer:distro:sys",{"process":"vfs:distro:sys","params":{"root": true}}],
             "grant_capabilities":["http-server:distro:sys",{"process":"a:b:c.os","params":"Read"}],"public":false,
             "later":1}""";

    @Test
    void aManifestIsReadWithBothFormsOfCapabilities() {
        PackageManifest manifest = manifest("[" + ENTRY + "]");

        assertEquals(new PackageManifest(List.of(new PackageManifest.Process(ProcessId.parse("chat:chat:alice.os"),
                "chat.wasm", OnExit.RESTART, true,
                List.of(new Asked(ProcessId.parse("timer:distro:sys"), Capability.MESSAGING),
                        new Asked(ProcessId.parse("vfs:distro:sys"), "{\"root\":true}")),
                List.of(new Asked(ProcessId.parse("http-server:distro:sys"), Capability.MESSAGING),
                        new Asked(ProcessId.parse("a:b:c.os"), "\"Read\"")), false)), List.of()), manifest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"process_name", "process_wasm_path", "on_exit", "request_networking", "request_capabilities",
        "grant_capabilities", "public"})
    void everyKeyIsRequiredAndMissedByNameAndEntry(String key) {
        CodecException refusal = assertThrows(CodecException.class,
                () -> manifest("[" + ENTRY + "," + ENTRY.replace('"' + key + '"', "\"x\"").replace("chat\"", "b\"") + "]"));
        assertTrue(refusal.getMessage().startsWith("manifest.json[1]: the key \"" + key + "\" is missing"),
                refusal.getMessage());
    }

    @Test
    void capabilitiesThatNameNoProcessArePassedOverAndTold() {
        PackageManifest manifest = manifest("[" + ENTRY.replace("\"timer:distro:sys\"", "\"timer\", 7, {\"params\":1}") + "]");

        assertEquals(1, manifest.processes().getFirst().requests().size());
        assertEquals(3, manifest.notices().size());
        assertTrue(manifest.notices().getFirst().startsWith("manifest.json[0].request_capabilities[0]: \"timer\" has too few parts"),
                manifest.notices().getFirst());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../x.wasm", "", "/", "a//b.wasm", "./a.wasm", "/a/../../b.wasm"})
    void aPathThatLeadsOutOfThePackageIsRefused(String path) {
        CodecException refusal = assertThrows(CodecException.class,
                () -> manifest("[" + ENTRY.replace("/chat.wasm", path) + "]"));
        assertTrue(refusal.getMessage().contains("manifest.json[0].process_wasm_path"), refusal.getMessage());
    }

    @Test
    void aProcessThatIsThereTwiceIsRefused() {
        CodecException refusal = assertThrows(CodecException.class, () -> manifest("[" + ENTRY + "," + ENTRY + "]"));
        assertTrue(refusal.getMessage().contains("\"chat\" is there twice"), refusal.getMessage());
    }

    @Test
    void metadataIsReadWithBothFormsOfHashes() {
        String text = """
                {"name":"Chat","description":"Talks.","image":"x","external_url":"","properties":{"package_name":"chat",
                "publisher":"alice.os","current_version":"1.0.0","mirrors":["a.os"],"code_hashes":%s,"wit_version":1,
                "license":"MIT","dependencies":[]}}""";
        PackageMetadata expected = new PackageMetadata(CHAT, "1.0.0", Optional.of("Chat"), Optional.of("Talks."),
                Map.of("1.0.0", "ab"), Optional.of("MIT"), Optional.of(1L));

        assertEquals(expected, PackageMetadata.parse(text.formatted("{\"1.0.0\":\"ab\"}").getBytes(UTF_8)));
        assertEquals(expected, PackageMetadata.parse(text.formatted("[[\"1.0.0\",\"ab\"]]").getBytes(UTF_8)));
    }

    @Test
    void metadataNeedsNamesAndVersionAlone() {
        PackageMetadata metadata = PackageMetadata.parse(("{\"properties\":{\"package_name\":\"chat\",\"publisher\":"
                + "\"alice.os\",\"current_version\":\"1\"}}").getBytes(UTF_8));
        assertEquals(CHAT, metadata.id());
        CodecException refusal = assertThrows(CodecException.class, () -> PackageMetadata.parse(
                "{\"properties\":{\"package_name\":\"Chat\",\"publisher\":\"alice.os\",\"current_version\":\"1\"}}".getBytes(UTF_8)));
        assertTrue(refusal.getMessage().contains("\"Chat\" may contain only a-z"), refusal.getMessage());
    }

    private static PackageManifest manifest(String json) {
        return PackageManifest.parse(CHAT, json.getBytes(UTF_8));
    }
}
