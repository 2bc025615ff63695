package org.ashlar.tck;

import static org.ashlar.tck.Code.code;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ashlar.api.wasm.FunctionType.ValueType;
import org.ashlar.api.wasm.FunctionType;
import org.ashlar.api.wasm.HostFunction;
import org.ashlar.api.wasm.WasmEngine;
import org.ashlar.api.wasm.WasmException;
import org.ashlar.api.wasm.WasmInstance;
import org.ashlar.api.wasm.WasmInterrupted;
import org.ashlar.api.wasm.WasmModule.Kind;
import org.ashlar.api.wasm.WasmModule;
import org.junit.jupiter.api.Test;

/** What every {@link org.ashlar.api.wasm.WasmEngine} must do: modules, calls, the host, traps. */
public abstract class WasmEngineContract extends WasmContract {
    private static final FunctionType NOTHING = new FunctionType(List.of(), List.of());

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
        WasmModule compiled = compile(module.bytes());

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

    // --- modules

    @Test
    void sharesWhatItCompiledBetweenCallsWithTheSameBytes() {
        byte[] module = callingHost().bytes();
        assertSame(compile(module), compile(module.clone()));
    }

    /** In a node, an engine whose bundle is replaced must not leave its compiled classes behind. */
    @Test
    void nothingHoldsCompiledCodeOnceEngineAndInstancesAreGone() throws Exception {
        WeakReference<ClassLoader> code = usedAndLetGo();
        for (int i = 0; i < 100 && code.get() != null; i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertNull(code.get());
    }

    private WeakReference<ClassLoader> usedAndLetGo() throws Exception {
        CoreModule module = callingHost();
        List<ClassLoader> loaders = new ArrayList<>();
        HostFunction host = new HostFunction(INT_TO_INT, arguments -> {
            StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).forEach(frame -> {
                if (frame.getDeclaringClass().getClassLoader() instanceof ClassLoader loader
                        && "wasm".equals(loader.getName())) {
                    loaders.add(loader);
                }
            });
            return arguments;
        });
        call(newEngine().compile(module.bytes()).instantiate(List.of(host), AMPLE), "call", 1);
        return new WeakReference<>(loaders.getLast());
    }

    @Test
    void refusesWhatIsNoModuleWithOneLine() {
        byte[] valid = callingHost().bytes();
        byte[] version = valid.clone();
        version[4] = 2;
        CoreModule mistyped = new CoreModule();
        mistyped.function("f", ":i", code());
        byte[] tagWithResult = new CoreModule().tag("t", "i:i").bytes();
        for (byte[] bytes : List.of(new byte[0], ascii("hello"), version, mistyped.bytes(), tagWithResult,
                Arrays.copyOf(valid, 20))) {
            assertOneLine(assertThrows(WasmException.class, () -> compile(bytes)).getMessage());
        }
    }

    @Test
    void refusesTruncatedModulesWithoutAnyOtherException() {
        byte[] valid = callingHost().memory(1, 1).activeData(0, ascii("data")).bytes();
        for (int length = 0; length < valid.length; length++) {
            byte[] cut = Arrays.copyOf(valid, length);
            try {
                compile(cut);
            } catch (WasmException e) {
                assertOneLine(e.getMessage());
            }
        }
    }
}
