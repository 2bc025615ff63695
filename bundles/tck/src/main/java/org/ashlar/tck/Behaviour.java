package org.ashlar.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.ashlar.api.wasm.Fuel;
import org.ashlar.api.wasm.FunctionType;
import org.ashlar.api.wasm.FunctionType.ValueType;
import org.ashlar.api.wasm.HostFunction;
import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmException;
import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.api.wasm.WasmInstance;
import org.ashlar.api.wasm.WasmModule;
import org.ashlar.api.wasm.WasmTrap;

/**
 * What a module does, in lines that can be compared: each function that it exports is called with a few arguments, and what
 * comes of it noted, with what it asks its imports and what it leaves in memory. All bits count but those of a NaN.
 */
public final class Behaviour {
    private static final long ENOUGH = 3_000_000;
    private static final int MEMORY = 8 << 20;
    private static final String EXHAUSTED = "call stack exhausted";
    private static final long[][] ARGUMENTS = {{0, 0, 0, 0}, {1, 2, 3, 4}, {-1, 7, 1L << 33, 13}};

    /** Of calls that ended. */
    private final List<String> calls = new ArrayList<>();
    /** Of the call that goes on. */
    private final List<String> lines = new ArrayList<>();
    /** How many calls are made at most. */
    private int wanted = Integer.MAX_VALUE;

    private Behaviour() { }

    /**
     * @param counted a module whose code counts fuel; what ends with little ends without, so that no loop goes on forever in
     *                the other one
     * @param other   another form of the same module
     * @param slice   units of fuel between two questions
     * @param types   of the functions that it imports; it imports nothing else
     */
    public static void assertAlike(WasmModule counted, WasmModule other, int slice, List<FunctionType> types) {
        Behaviour expected = new Behaviour();
        long[] used = {0};
        expected.run(counted, types, units -> {
            used[0] += units;
            if (used[0] > ENOUGH) {
                throw new Ended();
            }
            return slice;
        });
        if (!expected.calls.isEmpty()) {
            Behaviour found = new Behaviour();
            found.wanted = expected.calls.size();
            found.run(other, types, Fuel.UNCOUNTED);
            assertEquals(String.join("\n", expected.calls), String.join("\n", found.calls));
        }
    }

    private void run(WasmModule module, List<FunctionType> types, Fuel fuel) {
        try {
            WasmInstance instance = started(module, types, fuel);
            for (WasmModule.Export export : module.exports()) {
                if (instance.export(export.name()).orElseThrow() instanceof WasmExtern.Function function && isPlain(function.type())) {
                    for (long[] each : ARGUMENTS) {
                        call(instance, export.name(), function, each);
                    }
                }
            }
        } catch (Ended | WasmException | WasmTrap e) {
            // what ended before is compared all the same
        }
    }

    private WasmInstance started(WasmModule module, List<FunctionType> types, Fuel fuel) {
        List<HostFunction> imports = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            String name = module.imports().get(i).name();
            FunctionType type = types.get(i);
            imports.add(new HostFunction(type, arguments -> {
                lines.add("  asks " + name + shown(arguments, type.parameters()));
                return new long[type.results().size()];
            }));
        }
        try {
            WasmInstance instance = module.instantiate(imports, MemoryBudget.of(MEMORY), fuel);
            ended("started");
            return instance;
        } catch (WasmTrap e) {
            ended("not started: " + e.getMessage());
            throw e;
        }
    }

    private static boolean isPlain(FunctionType type) {
        List<ValueType> all = new ArrayList<>(type.parameters());
        all.addAll(type.results());
        return !all.contains(ValueType.REF) && !all.contains(ValueType.V128);
    }

    private void call(WasmInstance instance, String name, WasmExtern.Function function, long[] values) {
        long[] arguments = arguments(function.type().parameters(), values);
        String result;
        try {
            result = shown(function.call(arguments.clone()), function.type().results());
        } catch (WasmTrap e) {
            result = e.getMessage();
        }
        if (result.equals(EXHAUSTED)) {
            throw new Ended(); // how deep is another matter in each
        }
        ended(name + shown(arguments, function.type().parameters()) + ": " + result + memories(instance));
    }

    private void ended(String call) {
        lines.add(call);
        calls.add(String.join("\n", lines));
        lines.clear();
        if (calls.size() == wanted) {
            throw new Ended();
        }
    }

    private static String memories(WasmInstance instance) {
        return instance.export("memory").map(memory -> {
            WasmExtern.Memory bytes = (WasmExtern.Memory) memory;
            CRC32 sum = new CRC32();
            sum.update(bytes.read(0, (int) bytes.size()));
            return " memory " + bytes.size() + " " + Long.toHexString(sum.getValue());
        }).orElse("");
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

    private static String shown(long[] values, List<ValueType> types) {
        long[] same = values.clone();
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

    private static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
