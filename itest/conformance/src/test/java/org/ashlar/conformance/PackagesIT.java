package org.ashlar.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.Request;
import org.ashlar.codec.PackagesAction;
import org.ashlar.codec.PackagesResponse;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a package is given when it is installed (reference-kernel 5.6, 6.3). */
class PackagesIT extends OnOneNode {
    private static final Address PACKAGES = TestNode.address("packages:distro:sys");
    private static final String MANIFEST = """
            [{"process_name": "main", "process_wasm_path": "/main.wasm", "on_exit": "None", "request_networking": true,
              "request_capabilities": ["timer:distro:sys", {"process": "friend:other:tester.os", "params": {"may": "look"}}],
              "grant_capabilities": [], "public": false}]
            """;


    @Test
    @DisplayName("K72 An installed process holds what its manifest asks for, messaging to itself, its package drive, and nothing else")
    void k72_aPackageGetsExactlyWhatItsManifestAsksFor() throws IOException {
        PackageId installed = PackageId.parse("installed:tester.os");
        byte[] zip = zip(Map.of("manifest.json", MANIFEST.getBytes(StandardCharsets.UTF_8), "main.wasm", ProbeComponent.PLAIN.bytes()));

        byte[] answer = t.ask(PACKAGES, Request.of(new PackagesAction.Install(Optional.of(installed), true).encode()).expecting(30),
                Optional.of(Blob.of(zip))).response().response().body();

        assertInstanceOf(PackagesResponse.Installed.class, PackagesResponse.parse(answer));
        Probe main = new Probe(TestNode.address("main:installed:tester.os"));
        assertEquals(Set.of(
                main.messaging(),
                new Capability(TestNode.kernelAddress(), Capability.NETWORK),
                Capability.messaging(TestNode.address("timer:distro:sys")),
                new Capability(TestNode.address("friend:other:tester.os"), "{\"may\":\"look\"}"),
                drive("read"), drive("write")), Set.copyOf(node.entry(main.id()).orElseThrow().capabilities()));
        assertTrue(t.journal(main).has("init"));
    }

    private static Capability drive(String kind) {
        return new Capability(TestNode.address("vfs:distro:sys"),
                "{\"kind\":\"" + kind + "\",\"drive\":\"/installed:tester.os/pkg\"}");
    }

    private static byte[] zip(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
            }
        }
        return bytes.toByteArray();
    }
}
