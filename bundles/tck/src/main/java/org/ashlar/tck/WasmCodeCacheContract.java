package org.ashlar.tck;

import static org.ashlar.tck.Code.code;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.ashlar.api.wasm.WasmEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an engine makes of code that it, or one before it, kept on disk. It keeps one file for each module. */
public abstract class WasmCodeCacheContract extends WasmContract {
    private static final int ANSWER = 7;

    @TempDir
    private Path folder;

    /** An engine that keeps compiled code in this folder, where there is room for all of it. */
    protected abstract WasmEngine newEngine(Path cache);

    @Override
    protected final WasmEngine newEngine() {
        return newEngine(folder);
    }

    @Test
    void anotherEngineRunsWhatOneKept() throws IOException {
        assertEquals(ANSWER, answer(newEngine()));
        Object kept = identity(file());
        assertEquals(ANSWER, answer(newEngine()));
        assertEquals(kept, identity(file()), "it was compiled again");
    }

    @Test
    void aDamagedFileIsCompiledAgainToTheSame() throws IOException {
        assertEquals(ANSWER, answer(newEngine()));
        byte[] whole = Files.readAllBytes(file());
        byte[] damaged = whole.clone();
        damaged[whole.length / 2] ^= 1;
        Files.write(file(), damaged);
        Object before = identity(file());
        assertEquals(ANSWER, answer(newEngine()));
        assertNotEquals(before, identity(file()), "it was not compiled again");
        assertArrayEquals(whole, Files.readAllBytes(file()));
    }

    @Test
    void aFolderThatCannotBeWrittenCostsOnlyTheCompilation() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertEquals(ANSWER, answer(newEngine(file.resolve("below"))));
    }

    private long answer(WasmEngine engine) {
        CoreModule module = new CoreModule();
        module.function("answer", ":i", code().i32(ANSWER));
        return call(engine.compile(module.bytes()).instantiate(List.of(), AMPLE), "answer");
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertEquals(1, all.size(), "files: " + all);
            return all.getFirst();
        }
    }

    /** Of the file that has that name now; one that replaces it has another. */
    private static Object identity(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }
}
