package org.ashlar.packages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageReaderTest {
    private static final PackageId CHAT = PackageId.parse("chat:alice.os");
    private static final String MAIN = Zips.process("main", false, "", "");

    @TempDir
    Path folder;

    @Test
    void aPackageFolderIsRead() throws Exception {
        byte[] zip = Zips.chat("1.0.0", MAIN).wasm("main", "").with("pkg/ui/index.html", "<p>").with("src/main.c", "x").bytes();
        PackageImage image = inspect(zip, Optional.empty());
        assertEquals(CHAT, image.id());
        assertEquals("1.0.0", image.version());
        assertEquals(List.of(ProcessId.parse("main:chat:alice.os")), image.processes());
        assertEquals("chat:alice.os/pkg/main.wasm", image.handle(image.manifest().processes().getFirst()));
        assertEquals(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(zip)), image.hash());

        PackageReader.Unpacked unpacked = PackageReader.unpack(new ByteArrayInputStream(zip), Optional.empty(), folder);
        assertEquals("<p>", Files.readString(unpacked.content().resolve("ui/index.html")));
        assertEquals("\0asm", Files.readString(unpacked.content().resolve("main.wasm")));
    }

    @Test
    void aZipOfTheSpecificationsFormIsReadWhenItIsSaidWhoseItIs() throws Exception {
        byte[] zip = new Zips().with("manifest.json", "[" + MAIN + "]").with("main.wasm", "\0asm1").bytes();
        PackageImage image = inspect(zip, Optional.of(CHAT));
        assertEquals(CHAT, image.id());
        assertEquals(image.hash().substring(0, 12), image.version());
        assertEquals(folder, PackageReader.unpack(new ByteArrayInputStream(zip), Optional.of(CHAT), folder).content());
        assertRefused("must be said whose it is", zip, Optional.empty());
    }

    @Test
    void whatIsNotSoundIsRefusedByName() {
        byte[] random = new byte[2 << 20];
        new Random(7).nextBytes(random);
        assertRefused("neither pkg/manifest.json nor manifest.json; at its top are: \"main.wasm\", \"metadata.json\"",
                new Zips().with("metadata.json", "{}").with("main.wasm", "").bytes(), Optional.empty());
        assertRefused("\"main.wasm\", which is not in the package", Zips.chat("1", MAIN).bytes(), Optional.empty());
        assertRefused("is no WebAssembly", Zips.chat("1", MAIN).with("pkg/main.wasm", "\0elf").bytes(), Optional.empty());
        assertRefused("manifest.json[0]: the key \"public\" is missing",
                Zips.chat("1", MAIN.replace("public", "x")).wasm("main", "").bytes(), Optional.empty());
        assertRefused("the package is chat:alice.os by its metadata.json, not other:alice.os",
                Zips.chat("1", MAIN).wasm("main", "").bytes(), Optional.of(PackageId.parse("other:alice.os")));
        assertRefused("larger than", Zips.chat("1", MAIN).with("metadata.json", random).bytes(), Optional.empty());
    }

    @Test
    void thePackagesOfTheNodeItselfCannotBeInstalled() {
        byte[] zip = new Zips().with("manifest.json", "[]").bytes();
        for (String id : List.of("distro:sys", "terminal:sys")) {
            assertRefused("belong to the node itself", zip, Optional.of(PackageId.parse(id)));
        }
    }

    @Test
    void anythingThatIsNoZipIsRefused() {
        assertRefused("no zip", "#!/bin/sh".getBytes(UTF_8), Optional.empty());
    }

    private static PackageImage inspect(byte[] zip, Optional<PackageId> id) throws Exception {
        return PackageReader.inspect(new ByteArrayInputStream(zip), id);
    }

    private static void assertRefused(String complaint, byte[] zip, Optional<PackageId> id) {
        PackageException refusal = assertThrows(PackageException.class, () -> inspect(zip, id));
        assertTrue(refusal.getMessage().contains(complaint), refusal.getMessage());
    }
}
