package org.ashlar.maven.component;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.ashlar.maven.wasm.ArenaModule;
import org.ashlar.maven.wasm.ByteWriter;
import org.ashlar.maven.wasm.CoreModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ComponentEncoderTest {

    private static final int I32 = 0x7f;
    private static final CoreModule.Import RECEIVE = new CoreModule.Import("standard", "receive");
    private static final CoreModule.Import HAS_BLOB = new CoreModule.Import("standard", "has-blob");
    private static final CoreModule.Import NOW = new CoreModule.Import("wasi:clocks/wall-clock@0.2.0", "now");
    private static final CoreModule.Import BEGIN = new CoreModule.Import("arena", "begin");

    @Test
    void aComponentHoldsTheArenaAndTheUnchangedModule() {
        byte[] module = module("init", RECEIVE, BEGIN);

        ComponentReader component = ComponentReader.read(ComponentEncoder.encode(module, World.KINODE));

        assertEquals(2, component.coreModules().size());
        assertArrayEquals(ArenaModule.bytes(), component.coreModules().get(0));
        assertArrayEquals(module, component.coreModules().get(1));
    }

    @ParameterizedTest
    @EnumSource(World.class)
    void aComponentImportsTheInterfaceOfItsWorldAndExportsInit(World world) {
        ComponentReader component = ComponentReader.read(ComponentEncoder.encode(module("init", RECEIVE, BEGIN), world));

        assertEquals(List.of(world.packageName() + "/standard@1.0.0"), component.imports());
        assertEquals(List.of("init"), component.exports());
    }

    @Test
    void onlyInterfacesThatTheModuleUsesAreImported() {
        ComponentReader component = ComponentReader.read(
                ComponentEncoder.encode(module("init", NOW, RECEIVE), World.KINODE));

        assertEquals(List.of("wasi:clocks/wall-clock@0.2.0", "kinode:process/standard@1.0.0"), component.imports());
    }

    @Test
    void aModuleWithoutInitIsRefusedWithAHint() {
        var refusal = assertThrows(IllegalArgumentException.class,
                () -> ComponentEncoder.encode(module("start", RECEIVE), World.KINODE));

        assertTrue(refusal.getMessage().contains("org.ashlar:ashlar-process"), refusal.getMessage());
    }

    @Test
    void anImportThatAProcessCannotHaveIsNamed() {
        var open = new CoreModule.Import("wasi_snapshot_preview1", "path_open");

        var refusal = assertThrows(IllegalArgumentException.class,
                () -> ComponentEncoder.encode(module("init", RECEIVE, open), World.KINODE));

        assertTrue(refusal.getMessage().contains("wasi_snapshot_preview1.path_open"), refusal.getMessage());
    }

    @Test
    void bytesThatAreNoModuleAreRefused() {
        assertThrows(IllegalArgumentException.class,
                () -> ComponentEncoder.encode(new byte[] {1, 2, 3}, World.KINODE));
    }

    @ParameterizedTest
    @EnumSource(World.class)
    void wasmToolsAcceptTheComponent(World world, @TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(isOnPath("wasm-tools"), "wasm-tools is not installed");
        Path file = folder.resolve("process.wasm");
        Files.write(file, ComponentEncoder.encode(module("init", RECEIVE, HAS_BLOB, NOW, BEGIN), world));

        Process validation = new ProcessBuilder("wasm-tools", "validate", "--features", "component-model",
                file.toString()).inheritIO().start();

        assertEquals(0, validation.waitFor());
    }

    private static boolean isOnPath(String command) {
        return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    /** A module that imports those functions and exports one, which takes a string and does nothing. */
    private static byte[] module(String export, CoreModule.Import... imports) {
        return new ByteWriter()
                .raw(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00)
                .section(1, types -> types.raw(4, 0x60, 1, I32, 0, 0x60, 1, I32, 1, I32, 0x60, 0, 1, I32, 0x60, 2, I32, I32, 0))
                .section(2, section -> section.vector(List.of(imports), (out, one) ->
                        out.name(one.module()).name(one.name()).raw(0x00, type(one))))
                .section(3, functions -> functions.raw(1, 3))
                .section(7, exports -> exports.raw(1).name(export).raw(0x00, imports.length))
                .section(10, code -> code.raw(1, 2, 0, 0x0b))
                .toBytes();
    }

    private static int type(CoreModule.Import wanted) {
        return wanted.equals(BEGIN) ? 1 : wanted.equals(HAS_BLOB) ? 2 : 0;
    }
}
