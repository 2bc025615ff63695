package org.ashlar.maven;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageFolderTest {

    private static final byte[] COMPONENT = {0, 'a', 's', 'm'};

    @TempDir
    Path module;

    @BeforeEach
    void aModuleWithOneProcess() throws IOException {
        Files.writeString(module.resolve("metadata.json"), """
                {"properties": {"package_name": "game", "publisher": "b.os", "current_version": "1.0.0"}}""");
        Files.createDirectories(module.resolve("pkg/ui"));
        Files.writeString(module.resolve("pkg/ui/index.html"), "<p>");
        manifest("/ping.wasm");
    }

    @Test
    void theFolderIsNamedAfterThePackageAndHoldsAllItsFiles() throws IOException {
        PackageFolder folder = PackageFolder.create(module, target());
        folder.addComponent("ping", COMPONENT);
        folder.finish();

        assertEquals("game:b.os", folder.packageId());
        assertEquals(target().resolve("game"), folder.path());
        assertTrue(Files.exists(folder.path().resolve("metadata.json")));
        assertEquals("<p>", Files.readString(folder.path().resolve("pkg/ui/index.html")));
        assertArrayEquals(COMPONENT, Files.readAllBytes(folder.path().resolve("pkg/ping.wasm")));
    }

    @Test
    void theZipHoldsWhatIsInPkg() throws IOException {
        List<String> entries = new ArrayList<>();

        try (ZipFile zip = new ZipFile(built().toFile())) {
            zip.stream().forEach(entry -> entries.add(entry.getName()));
        }

        assertEquals(List.of("manifest.json", "ping.wasm", "ui/index.html"), entries);
    }

    @Test
    void theSameContentMakesTheSameZip() throws IOException {
        byte[] first = Files.readAllBytes(built());
        Files.setLastModifiedTime(module.resolve("pkg/ui/index.html"), java.nio.file.attribute.FileTime.fromMillis(0));

        assertArrayEquals(first, Files.readAllBytes(built()));
    }

    @Test
    void filesOfAnEarlierBuildAreGone() throws IOException {
        built();
        Files.delete(module.resolve("pkg/ui/index.html"));
        built();

        assertFalse(Files.exists(target().resolve("game/pkg/ui/index.html")));
    }

    @Test
    void aManifestThatNamesAMissingFileIsRefused() throws IOException {
        manifest("/pong.wasm");

        var refusal = assertThrows(IllegalArgumentException.class, this::built);

        assertTrue(refusal.getMessage().contains("/pong.wasm"), refusal.getMessage());
    }

    @Test
    void missingMetadataIsNamed() throws IOException {
        Files.delete(module.resolve("metadata.json"));

        var refusal = assertThrows(IllegalArgumentException.class, this::built);

        assertTrue(refusal.getMessage().contains("metadata.json is missing"), refusal.getMessage());
    }

    @Test
    void malformedMetadataIsRefused() throws IOException {
        for (String malformed : List.of("", "[]", "{", "{}", "{\"properties\": 1}", "{\"properties\": {\"package_name\": 1}}")) {
            Files.writeString(module.resolve("metadata.json"), malformed);

            assertThrows(IllegalArgumentException.class, this::built, malformed);
        }
    }

    @Test
    void aPackageNameThatLeadsOutOfTheTargetIsRefused() throws IOException {
        Files.writeString(module.resolve("metadata.json"), """
                {"properties": {"package_name": "../game", "publisher": "b.os", "current_version": "1.0.0"}}""");

        assertThrows(IllegalArgumentException.class, this::built);
    }

    private Path built() throws IOException {
        PackageFolder folder = PackageFolder.create(module, target());
        folder.addComponent("ping", COMPONENT);
        return folder.finish();
    }

    private void manifest(String wasmPath) throws IOException {
        Files.writeString(module.resolve("pkg/manifest.json"), "[{\"process_wasm_path\": \"" + wasmPath + "\"}]");
    }

    private Path target() {
        return module.resolve("target");
    }
}
