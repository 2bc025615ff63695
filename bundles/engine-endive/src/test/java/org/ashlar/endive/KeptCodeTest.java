package org.ashlar.endive;

import static org.ashlar.tck.Code.code;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.tck.CoreModule;
import org.ashlar.wasm.CodeCache;
import org.ashlar.wasm.CompiledCode;
import org.ashlar.wasm.ModuleStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptCodeTest {
    private static final String ENVIRONMENT = "test 1";
    private static final ModuleCompiler COMPILER = new ModuleCompiler();

    @TempDir
    private Path folder;

    @Test
    void codeOnDiskIsLoadedInsteadOfCompiled() throws NoSuchAlgorithmException {
        byte[] one = answering(1);
        // under the key of one lies the code of another module: running it shows where the code came from
        cache().put(key(one), COMPILER.compile(answering(2), "Other"));
        assertEquals(2, answer(store(Optional.of(cache()), ENVIRONMENT), one));
        assertEquals(1, answer(store(Optional.of(cache()), "another environment"), one));
    }

    @Test
    void whatIsCompiledLandsOnDisk() throws NoSuchAlgorithmException {
        byte[] one = answering(1);
        answer(store(Optional.of(cache()), ENVIRONMENT), one);
        CompiledCode kept = cache().get(key(one)).orElseThrow();
        CompiledCode compiled = COMPILER.compile(one, kept.machine().substring(kept.machine().lastIndexOf('.') + 1));
        assertEquals(compiled.classes().keySet(), kept.classes().keySet());
        assertArrayEquals(compiled.classes().get(compiled.machine()), kept.classes().get(kept.machine()));
    }

    @Test
    void aDamagedFileIsCompiledAgainAndReplaced() throws Exception {
        byte[] one = answering(1);
        answer(store(Optional.of(cache()), ENVIRONMENT), one);
        Path file = files().getFirst();
        byte[] whole = Files.readAllBytes(file);
        for (int at : new int[] {0, whole.length / 2, whole.length - 1}) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            Files.write(file, damaged);
            assertTrue(cache().get(key(one)).isEmpty());
            assertEquals(1, answer(store(Optional.of(cache()), ENVIRONMENT), one));
            assertArrayEquals(whole, Files.readAllBytes(file));
        }
        Files.write(file, new byte[3]);
        assertTrue(cache().get(key(one)).isEmpty());
    }

    @Test
    void aFolderThatCannotBeWrittenCostsOnlyTheCompilation() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        CodeCache broken = new CodeCache(file.resolve("below"), 1 << 20, Clock.systemUTC());
        assertEquals(1, answer(store(Optional.of(broken), ENVIRONMENT), answering(1)));
    }

    private CodeCache cache() {
        return new CodeCache(folder, 100 << 20, Clock.systemUTC());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static String key(byte[] module) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(module)) + " " + ENVIRONMENT;
    }

    private static byte[] answering(int value) {
        CoreModule module = new CoreModule();
        module.function("answer", ":i", code().i32(value));
        return module.bytes();
    }

    private static ModuleStore<EndiveModule> store(Optional<CodeCache> cache, String environment) {
        return new ModuleStore<>(COMPILER, cache, environment);
    }

    private static long answer(ModuleStore<EndiveModule> store, byte[] module) {
        WasmExtern answer = store.get(module).instantiate(List.of(), MemoryBudget.of(0)).export("answer").orElseThrow();
        return ((WasmExtern.Function) answer).call()[0];
    }
}
