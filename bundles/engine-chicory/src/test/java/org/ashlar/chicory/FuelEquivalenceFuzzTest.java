package org.ashlar.chicory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.FunctionImport;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.wasm.Fuel;
import org.ashlar.api.wasm.FunctionType.ValueType;
import org.ashlar.api.wasm.FunctionType;
import org.ashlar.api.wasm.HostFunction;
import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmException;
import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.api.wasm.WasmInstance;
import org.ashlar.api.wasm.WasmModule;
import org.ashlar.api.wasm.WasmTrap;
import org.ashlar.tck.CoreModules;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Counting must not change what code computes: a module compiled with it does what the original does in Chicory's
 * interpreter. What ends with little fuel ends without, so that no loop goes on forever there.
 */
class FuelEquivalenceFuzzTest {
    private static final long ENOUGH = 3_000_000;
    private static final int MEMORY = 8 << 20;
    private static final long[][] ARGUMENTS = {{0, 0, 0, 0}, {1, 2, 3, 4}, {-1, 7, 1L << 33, 13}};

    private final ChicoryEngine engine = new ChicoryEngine(Optional.empty(), 0, 1 << 16);

    /** The seeds of all tests, and modules made by {@code wasm-opt -ttf} (Binaryen) from random bytes. */
    static List<byte[]> modules() throws IOException, URISyntaxException {
        List<byte[]> modules = new ArrayList<>(CoreModules.seeds());
        Path folder = Path.of(FuelEquivalenceFuzzTest.class.getResource("/random-modules").toURI());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.wasm")) {
            for (Path file : files) {
                modules.add(Files.readAllBytes(file));
            }
        }
        return modules;
    }

    @MethodSource("modules")
    @FuzzTest(maxDuration = "10m")
    void whatIsCountedComputesTheSame(byte[] bytes) {
        WasmModule module;
        try {
            module = engine.compile(bytes);
        } catch (WasmException e) {
            return;
        }
        com.dylibso.chicory.wasm.WasmModule parsed = Parser.parse(bytes);
        if (parsed.importSection().count(ExternalType.FUNCTION) != parsed.importSection().importCount()) {
            return;
        }
        Outcome counted = new Outcome();
        try {
            counted(module, parsed, counted);
        } catch (Empty | WasmException | WasmTrap e) {
            // what ended before is compared all the same
        }
        if (!counted.calls.isEmpty()) {
            assertEquals(counted.lines(), original(parsed, counted.calls).lines());
        }
    }

    private static void counted(WasmModule module, com.dylibso.chicory.wasm.WasmModule parsed, Outcome outcome) {
        long[] used = {0};
        Fuel fuel = units -> {
            used[0] += units;
            if (used[0] > ENOUGH) {
                throw new Empty();
            }
            return 50;
        };
        List<HostFunction> imports = parsed.importSection().stream().map(each -> {
            FunctionType type = Types.of(parsed.typeSection().getType(((FunctionImport) each).typeIndex()));
            return new HostFunction(type, arguments -> outcome.called(each.name(), type, arguments));
        }).toList();
        WasmInstance instance = module.instantiate(imports, MemoryBudget.of(MEMORY), fuel);
        for (WasmModule.Export export : module.exports()) {
            if (instance.export(export.name()).orElseThrow() instanceof WasmExtern.Function function
                    && !function.type().parameters().contains(ValueType.REF) && !function.type().parameters().contains(ValueType.V128)
                    && !function.type().results().contains(ValueType.REF) && !function.type().results().contains(ValueType.V128)) {
                for (long[] each : ARGUMENTS) {
                    long[] arguments = arguments(function.type().parameters(), each);
                    outcome.call(export.name(), arguments, function::call, function.type().results());
                }
            }
        }
    }

    private static Outcome original(com.dylibso.chicory.wasm.WasmModule parsed, List<Call> calls) {
        Outcome outcome = new Outcome();
        ImportValues.Builder imports = ImportValues.builder();
        parsed.importSection().stream().map(FunctionImport.class::cast).forEach(each -> {
            var type = parsed.typeSection().getType(each.typeIndex());
            imports.addFunction(new ImportFunction(each.module(), each.name(), type,
                    (caller, arguments) -> outcome.called(each.name(), Types.of(type), arguments)));
        });
        MemoryBudget budget = MemoryBudget.of(MEMORY);
        Instance instance = Instance.builder(parsed)
                .withImportValues(imports.build())
                .withMemoryFactory(limits -> ChicoryMemory.create(limits, budget))
                .withTableFactory((table, initial) -> BoundedTable.create(table, initial, budget))
                .withStart(false)
                .build();
        for (Call call : calls) {
            outcome.call(call.name, call.arguments, arguments -> {
                try {
                    return instance.export(call.name).apply(arguments);
                } catch (ChicoryException e) {
                    throw Traps.of(e);
                } catch (com.dylibso.chicory.runtime.WasmException e) {
                    throw new WasmTrap(Traps.UNCAUGHT, e);
                }
            }, call.results);
        }
        return outcome;
    }

    private static long[] arguments(List<ValueType> types, long[] values) {
        long[] arguments = new long[types.size()];
        for (int i = 0; i < arguments.length; i++) {
            long value = values[i % values.length];
            arguments[i] = switch (types.get(i)) {
                case I32 -> (int) value;
                case F32 -> Float.floatToRawIntBits(value) & 0xFFFF_FFFFL;
                case F64 -> Double.doubleToRawLongBits(value);
                default -> value;
            };
        }
        return arguments;
    }

    private record Call(String name, long[] arguments, List<ValueType> results) { }

    /** What came of calls, in words that can be compared. */
    private static final class Outcome {
        private final List<Call> calls = new ArrayList<>();
        private final List<String> lines = new ArrayList<>();

        private int ended;

        /** Up to the end of the last call that ended. */
        List<String> lines() {
            return lines.subList(0, ended);
        }

        long[] called(String name, FunctionType type, long[] arguments) {
            lines.add("  " + name + shown(arguments, type.parameters()));
            return new long[type.results().size()];
        }

        void call(String name, long[] values, WasmFunction function, List<ValueType> results) {
            String line;
            try {
                line = shown(function.call(values.clone()), results);
            } catch (WasmTrap e) {
                line = e.getMessage();
            } catch (StackOverflowError e) {
                line = Traps.STACK_EXHAUSTED;
            }
            if (line.equals(Traps.STACK_EXHAUSTED)) {
                throw new Empty(); // how deep is another matter in each
            }
            calls.add(new Call(name, values, results));
            ended = lines.size() + 1;
            lines.add(name + " " + Arrays.toString(values) + ": " + line);
        }

        private static String shown(long[] values, List<ValueType> types) {
            long[] same = values == null ? new long[0] : values.clone();
            for (int i = 0; i < types.size(); i++) {
                same[i] = switch (types.get(i)) {
                    case I32 -> (int) same[i];
                    case F32 -> Float.floatToIntBits(Float.intBitsToFloat((int) same[i]));
                    case F64 -> Double.doubleToLongBits(Double.longBitsToDouble(same[i]));
                    default -> same[i];
                };
            }
            return Arrays.toString(same);
        }
    }

    private interface WasmFunction {
        long[] call(long... arguments);
    }

    private static final class Empty extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
