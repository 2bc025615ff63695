package org.ashlar.component;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

import org.ashlar.api.wasm.MemoryBudget;

/** The components of {@code src/test/components}. */
final class TestComponents {
    static final List<String> NAMES =
            List.of("values", "resources", "overlap", "reentry", "many-instances", "shared-table");

    private TestComponents() {
    }

    static byte[] bytes(String name) {
        try (InputStream in = TestComponents.class.getResourceAsStream("/components/" + name + ".wasm")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static CompiledComponent compiled(String name) {
        return Component.decode(bytes(name)).compile(TestEngine.CHICORY);
    }

    static <H> ComponentInstance start(String name, Linker<H> linker, H host) {
        return linker.instantiate(compiled(name), host, MemoryBudget.of(64 << 20));
    }
}
