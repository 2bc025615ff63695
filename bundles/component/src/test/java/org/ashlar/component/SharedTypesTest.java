package org.ashlar.component;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import org.ashlar.api.wasm.WasmModule;
import org.ashlar.component.binary.ByteRange;
import org.ashlar.component.binary.ComponentReader;
import org.ashlar.component.binary.CoreModule;
import org.ashlar.component.binary.CoreModuleReader;
import org.ashlar.component.binary.CoreModuleRewriter;
import org.ashlar.component.binary.CoreTypes;
import org.ashlar.component.validation.ComponentValidator;
import org.ashlar.component.validation.ValidComponent;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Core modules that get the type section of their component stay what they were. */
class SharedTypesTest {
    static List<Path> guests() throws IOException {
        return RealGuestsTest.guests();
    }

    @ParameterizedTest
    @MethodSource("guests")
    void aRewrittenModuleHasTheSameImportsAndExportsAndIsStillValid(Path guest) throws IOException {
        ValidComponent component = ComponentValidator.validate(ComponentReader.read(Files.readAllBytes(guest)));
        for (CoreModule module : component.modules()) {
            byte[] rewritten = CoreModuleRewriter.rewrite(module, component.coreTypes());
            CoreModule again = CoreModuleReader.read(new ByteRange(rewritten, 0, rewritten.length), component.coreTypes());
            assertEquals(module.type(), again.type());
            assertArrayEquals(IntStream.range(0, component.coreTypes().size()).toArray(), again.typeNumbers());
            WasmModule compiled = TestEngine.CHICORY.compile(rewritten);
            assertEquals(module.type().imports().size(), compiled.imports().size());
        }
    }

    @ParameterizedTest
    @MethodSource("guests")
    void rewritingTwiceChangesNothingMore(Path guest) throws IOException {
        ValidComponent component = ComponentValidator.validate(ComponentReader.read(Files.readAllBytes(guest)));
        CoreTypes types = component.coreTypes();
        for (CoreModule module : component.modules()) {
            byte[] once = CoreModuleRewriter.rewrite(module, types);
            byte[] twice = CoreModuleRewriter.rewrite(CoreModuleReader.read(new ByteRange(once, 0, once.length), types), types);
            assertArrayEquals(once, twice);
        }
    }
}
