package org.ashlar.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleFileTest {
    @TempDir
    Path folder;

    private Path jar(String... headers) throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        for (int i = 0; i < headers.length; i += 2) {
            manifest.getMainAttributes().putValue(headers[i], headers[i + 1]);
        }
        Path jar = folder.resolve("engine-quick.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    @Test
    void theServicesOfTheApiThatAJarDeclaresAreTold() throws Exception {
        BundleFile file = BundleFile.read(jar("Bundle-SymbolicName", "org.ashlar.engine-quick;singleton:=true", "Bundle-Version", "1.2.0",
                "Provide-Capability", "osgi.service;objectClass:List<String>=\"org.ashlar.api.wasm.WasmEngine,com.example.Other\""));
        assertEquals("org.ashlar.engine-quick", file.symbolicName());
        assertEquals(Set.of("WasmEngine"), file.services());
        assertEquals("org.ashlar.engine-quick 1.2.0 (swap engine-quick)", file.shown());
    }

    @Test
    void whatIsNoBundleIsRefusedWithALine() throws Exception {
        Path plain = jar();
        assertTrue(assertThrows(CommandException.class, () -> BundleFile.read(plain)).getMessage().contains("is no bundle"));
        Path broken = Files.writeString(folder.resolve("broken.jar"), "no jar");
        assertTrue(assertThrows(CommandException.class, () -> BundleFile.read(broken)).getMessage().contains("cannot be read"));
    }
}
