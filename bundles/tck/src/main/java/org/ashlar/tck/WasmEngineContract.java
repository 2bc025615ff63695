package org.ashlar.tck;

import static org.ashlar.tck.Code.code;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ashlar.api.wasm.FunctionType;
import org.ashlar.api.wasm.FunctionType.ValueType;
import org.ashlar.api.wasm.HostFunction;
import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmEngine;
import org.ashlar.api.wasm.WasmException;
import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.api.wasm.WasmInstance;
import org.ashlar.api.wasm.WasmInterrupted;
import org.ashlar.api.wasm.WasmModule;
import org.ashlar.api.wasm.WasmModule.Kind;
import org.ashlar.api.wasm.WasmTrap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link WasmEngine} must do. A provider's test extends it and says how to make the engine. */
public abstract class WasmEngineContract {
    private static final int PAGE = 65536;
    private static final MemoryBudget AMPLE = MemoryBudget.of(1L << 30);
    private static final FunctionType INT_TO_INT =
            new FunctionType(List.of(ValueType.I32), List.of(ValueType.I32));
    private static final FunctionType NOTHING = new FunctionType(List.of(), List.of());

    private WasmEngine engine;

    /** A fresh engine. */
    protected abstract WasmEngine newEngine() throws Exception;

    @BeforeEach
    void makeEngine() throws Exception {
        engine = newEngine();
    }

    // --- values and calls

    @Test
    void computesWithAllNumberTypes() {
        CoreModule module = new CoreModule();
        module.function("add", "ii:i", code().get(0).get(1).op(Code.I32_ADD));
        module.function("long", "ll:l", code().get(0).get(1).op(Code.I64_ADD));
        module.function("times", "dd:d", code().get(0).get(1).op(Code.F64_MUL));
        module.function("same", "f:f", code().get(0));
        WasmInstance instance = instantiate(module);

        assertEquals(-3, (int) call(instance, "add", 4, -7));
        assertEquals(Long.MIN_VALUE, call(instance, "long", Long.MAX_VALUE, 1));
        assertEquals(Double.doubleToRawLongBits(-1.5),
                call(instance, "times", Double.doubleToRawLongBits(3), Double.doubleToRawLongBits(-0.5)));
        assertEquals(Float.floatToRawIntBits(2.5f), (int) call(instance, "same", Float.floatToRawIntBits(2.5f)));
    }

    @Test
    void givesSeveralResultsAndNone() {
        CoreModule module = new CoreModule();
        module.function("swap", "il:li", code().get(1).get(0));
        module.function("nothing", ":", code());
        WasmInstance instance = instantiate(module);

        long[] swapped = function(instance, "swap").call(1, 1L << 40);
        assertEquals(1L << 40, swapped[0]);
        assertEquals(1, (int) swapped[1]);
        assertEquals(0, function(instance, "nothing").call().length);
    }

    @Test
    void listsImportsAndExportsInOrderAndKnowsTypes() {
        CoreModule module = new CoreModule();
        module.importFunction("host", "b", "i:i");
        module.importMemory("host", "a", 1);
        module.function("zeta", "id:l", code().op(Code.UNREACHABLE));
        module.global("alpha", 3);
        WasmModule compiled = engine.compile(module.bytes());

        assertEquals(List.of(new WasmModule.Import("host", "b", Kind.FUNCTION),
                new WasmModule.Import("host", "a", Kind.MEMORY)), compiled.imports());
        assertEquals(List.of(new WasmModule.Export("zeta", Kind.FUNCTION),
                new WasmModule.Export("alpha", Kind.GLOBAL)), compiled.exports());
    }

    @Test
    void knowsTheTypeOfAFunctionAndThatAnUnknownExportIsNone() {
        CoreModule module = new CoreModule();
        module.function("f", "id:l", code().op(Code.UNREACHABLE));
        WasmInstance instance = instantiate(module);

        assertEquals(new FunctionType(List.of(ValueType.I32, ValueType.F64), List.of(ValueType.I64)),
                function(instance, "f").type());
        assertTrue(instance.export("g").isEmpty());
    }

    @Test
    void runsTheStartFunctionButNotAnExportNamedStart() {
        CoreModule module = new CoreModule().global("ran", 0);
        int start = module.function("init", ":", code().i32(7).globalSet(0));
        module.function("_start", ":", code().i32(8).globalSet(0));
        module.function("ranAs", ":i", code().globalGet(0));
        assertEquals(7, (int) call(instantiate(module.start(start)), "ranAs"));
    }

    // --- the host

    @Test
    void callsTheHostOnTheSameThreadWithTheArguments() {
        Thread[] thread = new Thread[1];
        HostFunction twice = new HostFunction(INT_TO_INT, arguments -> {
            thread[0] = Thread.currentThread();
            return new long[] {2 * (int) arguments[0]};
        });
        assertEquals(-42, (int) call(instantiate(callingHost(), twice), "call", -21));
        assertSame(Thread.currentThread(), thread[0]);
    }

    @Test
    void letsWhatTheHostThrowsReachTheCallerUnchanged() {
        for (Throwable thrown : List.of(new IllegalStateException("host"), new AssertionError("host"))) {
            HostFunction throwing = new HostFunction(INT_TO_INT, arguments -> {
                if (thrown instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) thrown;
            });
            WasmInstance instance = instantiate(callingHost(), throwing);
            assertSame(thrown, assertThrows(Throwable.class, () -> call(instance, "call", 1)));
        }
    }

    @Test
    void letsTheHostCallBackIntoTheInstance() {
        CoreModule module = callingHost();
        module.function("inner", "i:i", code().get(0).i32(100).op(Code.I32_ADD));
        List<WasmInstance> self = new ArrayList<>();
        HostFunction host = new HostFunction(INT_TO_INT,
                arguments -> new long[] {call(self.getFirst(), "inner", arguments[0])});
        self.add(instantiate(module, host));
        assertEquals(105, (int) call(self.getFirst(), "call", 5));
    }

    @Test
    void refusesAHostFunctionOfAnotherType() {
        HostFunction other = new HostFunction(NOTHING, arguments -> new long[0]);
        WasmException e = assertThrows(WasmException.class, () -> instantiate(callingHost(), other));
        assertOneLine(e.getMessage());
    }

    @Test
    void refusesTooFewImports() {
        assertThrows(WasmException.class, () -> instantiate(callingHost()));
    }

    // --- traps

    @Test
    void trapsInTheWordsOfTheSpecificationAndStaysUsable() {
        CoreModule module = new CoreModule().memory(1, 1).table(3, 3);
        int other = module.type(":");
        int fine = module.function("fine", "i:i", code().get(0));
        module.element(0, fine);
        module.function("unreachable", ":", code().op(Code.UNREACHABLE));
        module.function("divide", "ii:i", code().get(0).get(1).op(Code.I32_DIV_S));
        module.function("truncate", "d:i", code().get(0).op(Code.I32_TRUNC_F64_S));
        module.function("load", "i:i", code().get(0).access(Code.I32_LOAD, 0));
        module.function("indirect", "i:i", code().get(0).get(0).callIndirect(module.type("i:i"), 0));
        module.function("mistyped", "i:", code().get(0).callIndirect(other, 0));
        WasmInstance instance = instantiate(module);

        assertTraps("unreachable", instance, "unreachable");
        assertTraps("integer divide by zero", instance, "divide", 1, 0);
        assertTraps("integer overflow", instance, "divide", Integer.MIN_VALUE, -1);
        assertTraps("invalid conversion to integer", instance, "truncate", Double.doubleToRawLongBits(Double.NaN));
        assertTraps("integer overflow", instance, "truncate", Double.doubleToRawLongBits(1e10));
        assertTraps("out of bounds memory access", instance, "load", PAGE);
        assertTraps("undefined element", instance, "indirect", 3);
        assertTraps("undefined element", instance, "indirect", -1);
        assertTraps("uninitialized element", instance, "indirect", 2);
        assertTraps("indirect call type mismatch", instance, "mistyped", 0);
        assertEquals(0, (int) call(instance, "indirect", 0));
    }

    @Test
    void trapsWhenTheStackOverflowsAndStaysUsable() {
        CoreModule module = new CoreModule();
        module.function("down", "i:i", code().get(0).i32(1).op(Code.I32_ADD).call(0).i32(1).op(Code.I32_ADD));
        module.function("fine", "i:i", code().get(0));
        WasmInstance instance = instantiate(module);

        assertTraps("call stack exhausted", instance, "down", 0);
        assertEquals(3, (int) call(instance, "fine", 3));
    }

    @Test
    void endsAnEndlessLoopWhenItsThreadIsInterrupted() throws Exception {
        endsWhenInterrupted("loop", new CoreModule(), code().loop().branch(0).op(Code.END));
    }

    @Test
    void endsEndlessCallsWhenItsThreadIsInterrupted() throws Exception {
        CoreModule module = new CoreModule();
        module.function("nothing", ":", code());
        Code calls = code().loop();
        for (int i = 0; i < 100; i++) {
            calls.call(0);
        }
        endsWhenInterrupted("calls", module, calls.branch(0).op(Code.END));
    }

    private void endsWhenInterrupted(String name, CoreModule module, Code body) throws Exception {
        module.function(name, ":", body);
        module.function("fine", "i:i", code().get(0));
        WasmInstance instance = instantiate(module);
        List<Throwable> seen = new ArrayList<>();
        List<Boolean> flag = new ArrayList<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            seen.add(assertThrows(Throwable.class, () -> call(instance, name)));
            flag.add(Thread.currentThread().isInterrupted());
            flag.add(call(instance, "fine", 1) == 1);
        });
        Thread.sleep(100);
        assertTimeout(Duration.ofSeconds(1), () -> {
            thread.interrupt();
            thread.join();
        });
        assertEquals(WasmInterrupted.class, seen.getFirst().getClass());
        assertEquals(List.of(false, true), flag, "the flag is cleared, and the instance still works");
    }

    // --- memory

    @Test
    void checksBoundsToTheByte() {
        CoreModule module = new CoreModule().memory(1, 2);
        module.function("load", "i:i", code().get(0).access(Code.I32_LOAD, 0));
        module.function("loadHigh", "i:i", code().get(0).access(Code.I32_LOAD, PAGE - 4));
        module.function("store", "il:", code().get(0).get(1).access(Code.I64_STORE, 0));
        module.function("byte", "i:i", code().get(0).access(Code.I32_LOAD8_U, 0));
        module.function("far", "i:i", code().get(0).access(Code.I32_LOAD, -4));
        WasmInstance instance = instantiate(module);

        call(instance, "store", PAGE - 8, -1L);
        assertEquals(-1, (int) call(instance, "load", PAGE - 4));
        assertEquals(-1, (int) call(instance, "loadHigh", 0));
        assertEquals(0xFF, (int) call(instance, "byte", PAGE - 1));
        for (int address : new int[] {PAGE - 3, PAGE - 1, PAGE, Integer.MAX_VALUE, Integer.MIN_VALUE, -1, -4}) {
            assertTraps("out of bounds memory access", instance, "load", address);
        }
        assertTraps("out of bounds memory access", instance, "store", PAGE - 7, 1);
        assertTraps("out of bounds memory access", instance, "loadHigh", 1);
        assertTraps("out of bounds memory access", instance, "loadHigh", -4);
        assertTraps("out of bounds memory access", instance, "far", 0);
        assertTraps("out of bounds memory access", instance, "far", 8);
        assertEquals(0, (int) call(instance, "load", PAGE - 12), "a store that traps writes nothing");
    }

    @Test
    void readsZerosWhereNothingWasWritten() {
        CoreModule module = new CoreModule().memory(2, 2);
        module.function("load", "i:l", code().get(0).access(Code.I64_LOAD, 0));
        module.function("store8", "ii:", code().get(0).get(1).access(Code.I32_STORE8, 0));
        WasmInstance instance = instantiate(module);

        for (int address = 0; address <= 2 * PAGE - 8; address += 997) {
            assertEquals(0, call(instance, "load", address));
        }
        call(instance, "store8", 1000, 0xAB);
        assertEquals(0xAB00000000000000L, call(instance, "load", 993));
        assertEquals(0xAB, call(instance, "load", 1000));
        assertEquals(0, call(instance, "load", 2 * PAGE - 8));
    }

    @Test
    void growsToItsMaximumAndKeepsItsContent() {
        CoreModule module = new CoreModule().memory(1, 3);
        module.function("grow", "i:i", code().get(0).memoryGrow());
        module.function("size", ":i", code().memorySize());
        module.function("store", "ii:", code().get(0).get(1).access(Code.I32_STORE, 0));
        module.function("load", "i:i", code().get(0).access(Code.I32_LOAD, 0));
        WasmInstance instance = instantiate(module);

        call(instance, "store", 4, 77);
        assertEquals(1, (int) call(instance, "grow", 2));
        assertEquals(3, (int) call(instance, "size"));
        assertEquals(3, (int) call(instance, "grow", 0));
        for (int more : new int[] {1, Integer.MAX_VALUE, -1}) {
            assertEquals(-1, (int) call(instance, "grow", more));
        }
        call(instance, "store", 3 * PAGE - 4, 78);
        assertEquals(77, (int) call(instance, "load", 4));
        assertEquals(78, (int) call(instance, "load", 3 * PAGE - 4));
        assertEquals(3L * PAGE, memory(instance).size());
    }

    @Test
    void asksTheBudgetForMemoryAndTables() {
        CoreModule module = new CoreModule().memory(1, -1).table(1, -1);
        module.function("grow", "i:i", code().get(0).memoryGrow());
        module.function("growTable", "i:i", code().nullFunction().get(0).tableGrow(0));
        WasmModule compiled = engine.compile(module.bytes());
        WasmInstance instance = compiled.instantiate(List.of(), MemoryBudget.of(2 * PAGE + 4096));

        assertEquals(1, (int) call(instance, "grow", 1));
        assertEquals(-1, (int) call(instance, "grow", 1));
        assertEquals(1, (int) call(instance, "growTable", 10));
        assertEquals(-1, (int) call(instance, "growTable", 100_000));
        assertEquals(11, (int) call(instance, "growTable", 0));

        WasmException e = assertThrows(WasmException.class,
                () -> compiled.instantiate(List.of(), MemoryBudget.of(PAGE - 1)));
        assertOneLine(e.getMessage());
    }

    @Test
    void movesRangesAsTheSpecificationSays() {
        CoreModule module = new CoreModule().memory(1, 1)
                .activeData(100, ascii("abcdef")).passiveData(ascii("XYZ"));
        module.function("copy", "iii:", code().get(0).get(1).get(2).memoryCopy());
        module.function("fill", "iii:", code().get(0).get(1).get(2).memoryFill());
        module.function("init", "iii:", code().get(0).get(1).get(2).memoryInit(1));
        module.function("initActive", "iii:", code().get(0).get(1).get(2).memoryInit(0));
        module.function("drop", ":", code().dataDrop(1));
        WasmInstance instance = instantiate(module);
        WasmExtern.Memory memory = memory(instance);

        call(instance, "copy", 102, 100, 4);
        assertEquals("ababcd", text(memory, 100, 6));
        call(instance, "copy", 60000, 59990, 20);
        call(instance, "copy", 103, 50000, 2);
        assertEquals("aba\0\0d", text(memory, 100, 6), "what was never written is copied as zeros");
        call(instance, "fill", PAGE - 3, 'q', 3);
        assertEquals("\0qqq", text(memory, PAGE - 4, 4));
        call(instance, "fill", PAGE - 2, 0, 1);
        call(instance, "init", 10, 1, 2);
        assertEquals("YZ", text(memory, 10, 2));
        assertEquals("q\0q", text(memory, PAGE - 3, 3));

        for (String range : List.of("copy", "fill", "init")) {
            assertTraps("out of bounds memory access", instance, range, PAGE - 1, 0, 2);
            assertTraps("out of bounds memory access", instance, range, PAGE + 1, 0, 0);
            assertTraps("out of bounds memory access", instance, range, -1, 0, 2);
            assertTraps("out of bounds memory access", instance, range, 8, 0, -4);
        }
        assertTraps("out of bounds memory access", instance, "copy", 0, PAGE - 1, 2);
        assertTraps("out of bounds memory access", instance, "init", 0, 2, 2);
        assertTraps("out of bounds memory access", instance, "initActive", 0, 0, 1);
        call(instance, "copy", PAGE, PAGE, 0);
        call(instance, "drop");
        call(instance, "init", 0, 0, 0);
        assertTraps("out of bounds memory access", instance, "init", 0, 0, 1);
    }

    @Test
    void trapsWhenADataSegmentDoesNotFit() {
        CoreModule module = new CoreModule().memory(1, 1).activeData(PAGE - 1, ascii("ab"));
        assertEquals("out of bounds memory access",
                assertThrows(WasmTrap.class, () -> instantiate(module)).getMessage());
    }

    @Test
    void givesTheHostTheSameBytes() {
        CoreModule module = new CoreModule().memory(1, 1);
        module.function("load", "i:i", code().get(0).access(Code.I32_LOAD, 0));
        WasmInstance instance = instantiate(module);
        WasmExtern.Memory memory = memory(instance);

        memory.writeInt(8, 0x01020304);
        assertEquals(0x01020304, (int) call(instance, "load", 8));
        assertEquals(4, memory.readByte(8));
        assertEquals(0x0304, memory.readShort(8));
        memory.writeShort(10, (short) 0x0A0B);
        memory.writeByte(9, (byte) 0x0C);
        assertEquals(0x0A0B0C04L, memory.readLong(8));
        memory.writeLong(PAGE - 8, -2);
        assertArrayEquals(new byte[] {-2, -1}, memory.read(PAGE - 8, 2));
        memory.write(20, ascii("__text__"), 2, 4);
        assertEquals("text\0", text(memory, 20, 5));
    }

    @Test
    void keepsTheHostInsideTheMemory() {
        WasmExtern.Memory memory = memory(instantiate(new CoreModule().memory(1, 1)));
        assertThrows(WasmTrap.class, () -> memory.readInt(PAGE - 3));
        assertThrows(WasmTrap.class, () -> memory.readByte(-1));
        assertThrows(WasmTrap.class, () -> memory.read(PAGE - 1, 2));
        assertThrows(WasmTrap.class, () -> memory.read(0, -1));
        assertThrows(WasmTrap.class, () -> memory.writeLong(PAGE - 7, 1));
        assertThrows(WasmTrap.class, () -> memory.write(PAGE - 1, new byte[2], 0, 2));
        assertEquals(0, memory.read(PAGE, 0).length);
    }

    // --- linking

    @Test
    void linksFunctionsMemoriesAndGlobalsOfAnotherInstance() {
        CoreModule provider = new CoreModule().memory(1, 4).global("g", 5);
        provider.function("add", "ii:i", code().get(0).get(1).op(Code.I32_ADD));
        provider.function("getG", ":i", code().globalGet(0));
        provider.function("grow", "i:i", code().get(0).memoryGrow());
        WasmInstance first = instantiate(provider);
        CoreModule user = new CoreModule().importMemory("p", "memory", 1).importGlobal("p", "g");
        int add = user.importFunction("p", "add", "ii:i");
        user.activeData(0, ascii("hi")).passiveData(ascii("PASSIVE"));
        user.function("sum", ":i", code().i32(30).globalGet(0).call(add));
        user.function("setG", "i:", code().get(0).globalSet(0));
        user.function("store", "ii:", code().get(0).get(1).access(Code.I32_STORE, 0));
        user.function("init", "iii:", code().get(0).get(1).get(2).memoryInit(1));
        WasmInstance second = instantiate(user, extern(first, "memory"), extern(first, "g"), extern(first, "add"));

        assertEquals(35, (int) call(second, "sum"));
        call(second, "setG", 9);
        assertEquals(9, (int) call(first, "getG"));
        assertEquals("hi", text(memory(first), 0, 2));
        assertEquals(1, (int) call(first, "grow", 2));
        call(second, "store", 3 * PAGE - 4, 0x61626364);
        assertEquals("dcba", text(memory(first), 3 * PAGE - 4, 4));
        call(second, "init", 16, 0, 7);
        assertEquals("PASSIVE", text(memory(first), 16, 7));
    }

    @Test
    void keepsPassiveSegmentsOfInstancesWithOneMemoryApart() {
        WasmInstance provider = instantiate(new CoreModule().memory(1, 1));
        WasmInstance[] users = new WasmInstance[2];
        for (int i = 0; i < 2; i++) {
            CoreModule user = new CoreModule().importMemory("p", "memory", 1).passiveData(ascii("user" + i));
            user.function("init", "i:", code().get(0).i32(0).i32(5).memoryInit(0));
            users[i] = instantiate(user, extern(provider, "memory"));
        }
        call(users[0], "init", 0);
        call(users[1], "init", 5);
        assertEquals("user0user1", text(memory(provider), 0, 10));
    }

    /** The way in which components tie imports that need a memory which does not exist yet. */
    @Test
    void callsThroughATableThatAnotherModuleFills() {
        CoreModule shim = new CoreModule().table(2, 2);
        shim.function("late", "i:i", code().get(0).i32(0).callIndirect(shim.type("i:i"), 0));
        shim.function("later", "i:i", code().get(0).i32(1).callIndirect(shim.type("i:i"), 0));
        WasmInstance first = instantiate(shim);
        CoreModule main = new CoreModule().memory(1, 1);
        int late = main.importFunction("shim", "late", "i:i");
        int later = main.importFunction("shim", "later", "i:i");
        main.function("both", "i:i", code().get(0).call(late).get(0).call(later).op(Code.I32_ADD));
        WasmInstance second = instantiate(main, extern(first, "late"), extern(first, "later"));
        CoreModule fixup = new CoreModule().importTable("shim", "table", 2);
        int host = fixup.importFunction("host", "twice", "i:i");
        int own = fixup.function("thrice", "i:i", code().get(0).get(0).op(Code.I32_ADD).get(0).op(Code.I32_ADD));
        fixup.element(0, host, own);

        assertTraps("uninitialized element", second, "both", 1);
        HostFunction twice = new HostFunction(INT_TO_INT, arguments -> new long[] {2 * arguments[0]});
        instantiate(fixup, extern(first, "table"), twice);
        assertEquals(50, (int) call(second, "both", 10));
    }

    @Test
    void checksTheTypeOfACallThroughASharedTable() {
        CoreModule shim = new CoreModule().table(1, 1);
        shim.type("i:i");
        shim.type(":");
        shim.function("late", "i:i", code().get(0).i32(0).callIndirect(shim.type("i:i"), 0));
        WasmInstance first = instantiate(shim);
        CoreModule other = new CoreModule().importTable("shim", "table", 1);
        other.type("i:i");
        int mistyped = other.function("mistyped", ":", code());
        instantiate(other.element(0, mistyped), extern(first, "table"));

        assertTraps("indirect call type mismatch", first, "late", 1);
    }

    @Test
    void tellsImportsOfOneNameApart() {
        CoreModule module = new CoreModule();
        int first = module.importFunction("host", "f", "i:i");
        int second = module.importFunction("host", "f", "i:i");
        module.function("both", "i:i", code().get(0).call(first).call(second));
        HostFunction addOne = new HostFunction(INT_TO_INT, arguments -> new long[] {arguments[0] + 1});
        HostFunction twice = new HostFunction(INT_TO_INT, arguments -> new long[] {arguments[0] * 2});
        assertEquals(22, (int) call(instantiate(module, addOne, twice), "both", 10));
    }

    @Test
    void refusesAMemoryThatIsTooSmall() {
        WasmInstance small = instantiate(new CoreModule().memory(1, 1));
        CoreModule user = new CoreModule().importMemory("p", "memory", 2);
        assertThrows(WasmException.class, () -> instantiate(user, extern(small, "memory")));
    }

    @Test
    void keepsInstancesOfOneModuleApart() {
        CoreModule module = new CoreModule().memory(1, 2).table(1, 10).global("g", 1).passiveData(ascii("x"));
        module.function("bump", ":i", code().globalGet(0).i32(1).op(Code.I32_ADD).globalSet(0).globalGet(0));
        module.function("store", "ii:", code().get(0).get(1).access(Code.I32_STORE, 0));
        module.function("load", "i:i", code().get(0).access(Code.I32_LOAD, 0));
        module.function("growTable", "i:i", code().nullFunction().get(0).tableGrow(0));
        module.function("drop", ":", code().dataDrop(0));
        module.function("init", ":", code().i32(0).i32(0).i32(1).memoryInit(0));
        WasmModule compiled = engine.compile(module.bytes());
        WasmInstance one = compiled.instantiate(List.of(), AMPLE);
        call(one, "bump");
        call(one, "store", 0, 5);
        call(one, "growTable", 4);
        call(one, "drop");

        for (WasmInstance other : List.of(compiled.instantiate(List.of(), AMPLE),
                engine.compile(module.bytes()).instantiate(List.of(), AMPLE))) {
            assertEquals(0, (int) call(other, "load", 0));
            assertEquals(2, (int) call(other, "bump"));
            assertEquals(1, (int) call(other, "growTable", 0));
            call(other, "init");
        }
    }

    // --- modules

    @Test
    void sharesWhatItCompiledBetweenCallsWithTheSameBytes() {
        byte[] module = callingHost().bytes();
        assertSame(engine.compile(module), engine.compile(module.clone()));
    }

    @Test
    void refusesWhatIsNoModuleWithOneLine() {
        byte[] valid = callingHost().bytes();
        byte[] version = valid.clone();
        version[4] = 2;
        CoreModule mistyped = new CoreModule();
        mistyped.function("f", ":i", code());
        for (byte[] bytes : List.of(new byte[0], ascii("hello"), version, mistyped.bytes(), Arrays.copyOf(valid, 20))) {
            assertOneLine(assertThrows(WasmException.class, () -> engine.compile(bytes)).getMessage());
        }
    }

    @Test
    void refusesTruncatedModulesWithoutAnyOtherException() {
        byte[] valid = callingHost().memory(1, 1).activeData(0, ascii("data")).bytes();
        for (int length = 0; length < valid.length; length++) {
            byte[] cut = Arrays.copyOf(valid, length);
            try {
                engine.compile(cut);
            } catch (WasmException e) {
                assertOneLine(e.getMessage());
            }
        }
    }

    // --- words for the tests above

    /** Imports a function of one i32 to one i32 and calls it. */
    private static CoreModule callingHost() {
        CoreModule module = new CoreModule();
        int host = module.importFunction("host", "f", "i:i");
        module.function("call", "i:i", code().get(0).call(host));
        return module;
    }

    private WasmInstance instantiate(CoreModule module, WasmExtern... imports) {
        return engine.compile(module.bytes()).instantiate(List.of(imports), AMPLE);
    }

    private static WasmExtern extern(WasmInstance instance, String name) {
        return instance.export(name).orElseThrow();
    }

    private static WasmExtern.Function function(WasmInstance instance, String name) {
        return (WasmExtern.Function) extern(instance, name);
    }

    private static WasmExtern.Memory memory(WasmInstance instance) {
        return (WasmExtern.Memory) extern(instance, "memory");
    }

    private static long call(WasmInstance instance, String name, long... arguments) {
        long[] results = function(instance, name).call(arguments);
        return results.length == 0 ? 0 : results[0];
    }

    private static void assertTraps(String words, WasmInstance instance, String name, long... arguments) {
        assertEquals(words, assertThrows(WasmTrap.class, () -> call(instance, name, arguments)).getMessage());
    }

    private static void assertOneLine(String message) {
        assertFalse(message.isBlank() || message.contains("\n"), message);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(WasmExtern.Memory memory, int address, int length) {
        return new String(memory.read(address, length), StandardCharsets.ISO_8859_1);
    }
}
