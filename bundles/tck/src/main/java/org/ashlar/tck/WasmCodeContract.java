package org.ashlar.tck;

import static org.ashlar.tck.Code.code;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.LongBinaryOperator;
import org.ashlar.api.wasm.WasmInstance;
import org.junit.jupiter.api.Test;

/** What an engine that changes compiled code to make it faster may get wrong. */
public abstract class WasmCodeContract extends WasmContract {
    private static final int BLOCK = 0x02;
    private static final int TRY_TABLE = 0x1F;
    private static final int EMPTY = 0x40;
    private static final int CATCH_ALL = 2;
    private static final int F32_LOAD = 0x2A;
    private static final int F64_LOAD = 0x2B;
    private static final int F32_STORE = 0x38;
    private static final int F64_STORE = 0x39;
    private static final int I32_EQZ = 0x45;
    private static final int I64_EQZ = 0x50;
    private static final int I32_REINTERPRET = 0xBC;
    private static final int I64_REINTERPRET = 0xBD;
    /** So many locals that reading most of them takes the longer instructions. */
    private static final int MANY = 300;
    private static final long[] VALUES = {0, 1, -1, 2, 255, Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.MIN_VALUE + 1L,
            Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, -1L << 32};

    /** {@code eq} to {@code ge_u}, in the order of their opcodes. */
    private static final LongBinaryOperator[] RELATIONS = {
        (a, b) -> bit(a == b), (a, b) -> bit(a != b),
        (a, b) -> bit(a < b), (a, b) -> bit(Long.compareUnsigned(a, b) < 0),
        (a, b) -> bit(a > b), (a, b) -> bit(Long.compareUnsigned(a, b) > 0),
        (a, b) -> bit(a <= b), (a, b) -> bit(Long.compareUnsigned(a, b) <= 0),
        (a, b) -> bit(a >= b), (a, b) -> bit(Long.compareUnsigned(a, b) >= 0)};

    private static long bit(boolean value) {
        return value ? 1 : 0;
    }

    @Test
    void branchesOnEachComparisonAsItsValueSays() {
        CoreModule module = new CoreModule();
        for (int relation = 0; relation < RELATIONS.length; relation++) {
            comparison(module, "int" + relation, "ii:i", code().get(0).get(1).op(I32_EQZ + 1 + relation));
            comparison(module, "long" + relation, "ll:i", code().get(0).get(1).op(I64_EQZ + 1 + relation));
        }
        comparison(module, "intZero", "ii:i", code().get(0).op(I32_EQZ));
        comparison(module, "longZero", "ll:i", code().get(0).op(I64_EQZ));
        comparison(module, "not", "ii:i", code().get(0).get(1).op(I32_EQZ + 1).op(I32_EQZ));
        WasmInstance instance = instantiate(module);
        for (long a : VALUES) {
            for (long b : VALUES) {
                for (int relation = 0; relation < RELATIONS.length; relation++) {
                    assertSays(RELATIONS[relation].applyAsLong((int) a, (int) b), instance, "int" + relation, (int) a, (int) b);
                    assertSays(RELATIONS[relation].applyAsLong(a, b), instance, "long" + relation, a, b);
                }
                assertSays(bit((int) a == 0), instance, "intZero", (int) a, b);
                assertSays(bit(a == 0), instance, "longZero", a, b);
                assertSays(bit((int) a != (int) b), instance, "not", (int) a, (int) b);
            }
        }
    }

    /** A function for its value, one that asks for it with {@code if} and one that leaves a block with {@code br_if}. */
    private static void comparison(CoreModule module, String name, String signature, Code comparison) {
        module.function(name, signature, code().append(comparison));
        module.function(name + "If", signature, 1, code().append(comparison).ifEmpty().i32(1).set(2).op(Code.END).get(2));
        module.function(name + "Br", signature, 1, code().i32(1).set(2).op(BLOCK).op(EMPTY).append(comparison).branchIf(0)
                .i32(0).set(2).op(Code.END).get(2));
    }

    private static void assertSays(long expected, WasmInstance instance, String name, long a, long b) {
        for (String way : new String[] {"", "If", "Br"}) {
            assertEquals(expected, call(instance, name + way, a, b), () -> name + way + " of " + a + " and " + b);
        }
    }

    @Test
    void findsMemoryAgainWhereverItWasMovedMeanwhile() {
        CoreModule module = new CoreModule().memory(40, 50);
        module.tag("thrown", ":");
        Code seven = code().get(0).i32(7).access(Code.I32_STORE, 0);
        int far = module.function("far", "i:", seven);
        int throwing = module.function("throwing", "i:", code().append(seven).throwTag(0));
        module.table(1, 1).element(0, far);
        around(module, "write", code().get(1).i32(7).access(Code.I32_STORE, 0));
        around(module, "call", code().get(1).call(far));
        around(module, "callIndirect", code().get(1).i32(0).callIndirect(module.type("i:"), 0));
        around(module, "catch", code().op(BLOCK).op(EMPTY).op(TRY_TABLE).op(EMPTY).op(1).op(CATCH_ALL).op(0)
                .get(1).call(throwing).op(Code.END).op(Code.END));
        around(module, "fill", code().get(1).i32(7).i32(1).memoryFill());
        around(module, "copy", code().get(1).i32(7).access(Code.I32_STORE8, 4).get(1).get(1).i32(4).op(Code.I32_ADD).i32(1)
                .memoryCopy());
        around(module, "loop", code().i32(0).set(2).loop()
                .get(2).i32(1).op(Code.I32_ADD).set(2)
                .get(1).i32(100_000).get(2).op(Code.I32_SUB).op(Code.I32_ADD).i32(7).access(Code.I32_STORE8, 0)
                .get(0).i32(1).access(Code.I32_STORE, 0)
                .get(2).i32(100_000).op(Code.I32_SUB).branchIf(0).op(Code.END)
                .get(1).i32(7).access(Code.I32_STORE, 0));
        for (String name : new String[] {"write", "call", "callIndirect", "catch", "fill", "copy", "loop"}) {
            for (int target : new int[] {PAGE, 19 * PAGE, 20 * PAGE, 20 * PAGE - 9, 21 * PAGE, 38 * PAGE, 40 * PAGE - 100_100}) {
                WasmInstance instance = instantiate(module);
                assertEquals(9, call(instance, name, 20 * PAGE - 4, target), name + " at " + target);
                assertEquals(2, memory(instance).readInt(20 * PAGE - 4), name + " at " + target);
            }
        }
    }

    /** Writes 1 at the first address, does this, writes 2 there, and adds what is there to what is at the second. */
    private static void around(CoreModule module, String name, Code moving) {
        module.function(name, "ii:i", 1, code().get(0).i32(1).access(Code.I32_STORE, 0).append(moving)
                .get(0).i32(2).access(Code.I32_STORE, 0)
                .get(0).access(Code.I32_LOAD, 0).get(1).access(Code.I32_LOAD, 0).op(Code.I32_ADD));
    }

    @Test
    void keepsTheBitsOfNumbersThatAreNone() {
        for (int bits : new int[] {0x7FC00000, 0xFFC00000, 0x7FA00001, 0xFF812345}) {
            long wide = (long) bits << 32 | 0x89ABCDEFL;
            CoreModule module = new CoreModule().memory(1, 1);
            module.function("float", ":i", code().i32(8).f32(bits).access(F32_STORE, 0).f32(bits).op(I32_REINTERPRET));
            module.function("double", ":l", code().i32(16).f64(wide).access(F64_STORE, 0).f64(wide).op(I64_REINTERPRET));
            module.function("copy", ":", code().i32(24).i32(8).access(F32_LOAD, 0).access(F32_STORE, 0)
                    .i32(32).i32(16).access(F64_LOAD, 0).access(F64_STORE, 0));
            WasmInstance instance = instantiate(module);
            assertEquals(bits, (int) call(instance, "float"));
            assertEquals(wide, call(instance, "double"));
            call(instance, "copy");
            assertEquals(List.of(bits, bits), List.of(memory(instance).readInt(8), memory(instance).readInt(24)));
            assertEquals(List.of(wide, wide), List.of(memory(instance).readLong(16), memory(instance).readLong(32)));
        }
    }

    /** A method of the JVM has 64 KiB at most; what is added to code must not make one longer than that. */
    @Test
    void compilesFunctionsOfEachLengthUpToWhereTheJvmHasNone() {
        for (int accesses = 1_100; accesses <= 1_600; accesses += 100) {
            CoreModule module = new CoreModule().memory(1, 1);
            Code many = code();
            for (int i = 0; i < accesses; i++) {
                many.get(0).get(1).access(Code.I32_STORE, i);
            }
            module.function("store", "ii:i", MANY, many.get(0).access(Code.I32_LOAD, accesses - 1));
            assertEquals(7, call(instantiate(module), "store", 8, 7), accesses + " accesses");
        }
    }

    /** Where a function gets longer, branches over what got longer need more room, too. */
    @Test
    void branchesOverAsMuchAsThereIs() {
        for (int branches = 4_000; branches <= 6_000; branches += 1_000) {
            for (int accesses : new int[] {150, 200}) {
                CoreModule module = new CoreModule().memory(1, 1);
                Code many = code().op(BLOCK).op(EMPTY);
                for (int i = 0; i < branches; i++) {
                    many.get(0).branchIf(0);
                }
                for (int i = 0; i < accesses; i++) {
                    many.get(0).get(1).access(Code.I32_STORE, i);
                }
                module.function("store", "ii:i", many.op(Code.END).i32(0).access(Code.I32_LOAD, accesses - 1));
                WasmInstance instance = instantiate(module);
                assertEquals(0, call(instance, "store", 1, 7), branches + " branches, " + accesses + " accesses");
                assertEquals(7, call(instance, "store", 0, 7), branches + " branches, " + accesses + " accesses");
            }
        }
    }

    @Test
    void reachesNothingThroughTheHighestAddresses() {
        for (int pages = 0; pages < 2; pages++) {
            CoreModule module = new CoreModule().memory(pages, 2);
            for (int offset : new int[] {0, 1, 8, 1 << 16, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE + 1, -8, -1}) {
                module.function("byte" + offset, "i:i", code().get(0).access(Code.I32_LOAD8_U, offset));
                module.function("int" + offset, "i:i", code().get(0).access(Code.I32_LOAD, offset));
                module.function("long" + offset, "i:l", code().get(0).access(Code.I64_LOAD, offset));
                module.function("store" + offset, "i:", code().get(0).i32(1).access(Code.I32_STORE8, offset));
                WasmInstance instance = instantiate(module);
                for (int address : new int[] {-9, -8, -7, -4, -2, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                    for (String access : new String[] {"byte", "int", "long", "store"}) {
                        assertTraps("out of bounds memory access", instance, access + offset, address);
                    }
                }
                assertEquals(pages * PAGE, memory(instance).size());
            }
        }
    }
}
