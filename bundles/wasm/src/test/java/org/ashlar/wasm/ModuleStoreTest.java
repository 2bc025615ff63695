package org.ashlar.wasm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ashlar.api.wasm.WasmException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModuleStoreTest {
    private static final String ENVIRONMENT = "test 1";
    private static final int LIMIT = 1;
    private static final byte[] ONE = {1};
    private static final byte[] TWO = {2};

    /** Its code is the module's bytes, and what it loads is the first of them. */
    private static final class Compiler implements ModuleStore.Compiler<Integer> {
        @Override
        public CompiledCode compile(byte[] module, String label) {
            return new CompiledCode("m", Map.of("m", module), Map.of());
        }

        @Override
        public Integer load(byte[] module, CompiledCode code) {
            return (int) code.classes().get("m")[0];
        }
    }

    @TempDir
    private Path folder;

    @Test
    void codeOnDiskIsLoadedInsteadOfCompiled() {
        // under the key of one lies the code of another module: what is loaded shows where the code came from
        cache().put(key(ONE), new Compiler().compile(TWO, "Other"));
        assertEquals(2, store(cache(), ENVIRONMENT).get(ONE));
        assertEquals(1, store(cache(), "another environment").get(ONE));
    }

    @Test
    void whatIsCompiledLandsOnDisk() {
        store(cache(), ENVIRONMENT).get(ONE);
        assertArrayEquals(ONE, cache().get(key(ONE)).orElseThrow().classes().get("m"));
    }

    @Test
    void aDamagedFileIsCompiledAgainAndReplaced() throws IOException {
        store(cache(), ENVIRONMENT).get(ONE);
        Path file = files().getFirst();
        byte[] whole = Files.readAllBytes(file);
        for (int at : new int[] {0, whole.length / 2, whole.length - 1}) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            Files.write(file, damaged);
            assertTrue(cache().get(key(ONE)).isEmpty());
            assertEquals(1, store(cache(), ENVIRONMENT).get(ONE));
            assertArrayEquals(whole, Files.readAllBytes(file));
        }
        Files.write(file, new byte[3]);
        assertTrue(cache().get(key(ONE)).isEmpty());
    }

    @Test
    void aFolderThatCannotBeWrittenCostsOnlyTheCompilation() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        CodeCache broken = new CodeCache(file.resolve("below"), 1 << 20, Clock.systemUTC());
        assertEquals(1, store(broken, ENVIRONMENT).get(ONE));
    }

    @Test
    void aModuleAboveTheLimitIsRefused() {
        String message = assertThrows(WasmException.class, () -> store(cache(), ENVIRONMENT).get(new byte[LIMIT + 1])).getMessage();
        assertTrue(message.contains("module.limit"), message);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whateverACompilerThrowsIsOneLineForWhoAsked(Throwable failure) {
        ModuleStore.Compiler<Integer> failing = new ModuleStore.Compiler<>() {
            @Override
            public CompiledCode compile(byte[] module, String label) {
                throw ModuleStoreTest.<RuntimeException>unchecked(failure);
            }

            @Override
            public Integer load(byte[] module, CompiledCode code) {
                throw new AssertionError("nothing was compiled");
            }
        };
        ModuleStore<Integer> store = new ModuleStore<>(failing, Optional.empty(), ENVIRONMENT, LIMIT);
        String message = assertThrows(WasmException.class, () -> store.get(ONE)).getMessage();
        assertFalse(message.isBlank() || message.contains("\n"), message);
    }

    static List<Throwable> failures() {
        return List.of(new WasmException("not valid"), new StackOverflowError(), new OutOfMemoryError(),
                new IllegalStateException("two\nlines"), new AssertionError());
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T unchecked(Throwable failure) throws T {
        throw (T) failure;
    }

    private CodeCache cache() {
        return new CodeCache(folder, 100 << 20, Clock.systemUTC());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static String key(byte[] module) {
        return HexFormat.of().formatHex(Digests.sha256(module)) + " " + ENVIRONMENT;
    }

    private static ModuleStore<Integer> store(CodeCache cache, String environment) {
        return new ModuleStore<>(new Compiler(), Optional.of(cache), environment, LIMIT);
    }
}
