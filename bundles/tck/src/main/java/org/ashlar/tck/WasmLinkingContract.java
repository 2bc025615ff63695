package org.ashlar.tck;

import static org.ashlar.tck.Code.code;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.ashlar.api.wasm.FunctionType;
import org.ashlar.api.wasm.FunctionType.ValueType;
import org.ashlar.api.wasm.HostFunction;
import org.ashlar.api.wasm.WasmEngine;
import org.ashlar.api.wasm.WasmException;
import org.ashlar.api.wasm.WasmInstance;
import org.ashlar.api.wasm.WasmModule;
import org.junit.jupiter.api.Test;

/** What instances of every {@link org.ashlar.api.wasm.WasmEngine} share, and what they do not. */
public abstract class WasmLinkingContract extends WasmContract {
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
        WasmModule compiled = compile(module.bytes());
        WasmInstance one = compiled.instantiate(List.of(), AMPLE);
        call(one, "bump");
        call(one, "store", 0, 5);
        call(one, "growTable", 4);
        call(one, "drop");

        for (WasmInstance other : List.of(compiled.instantiate(List.of(), AMPLE),
                compile(module.bytes()).instantiate(List.of(), AMPLE))) {
            assertEquals(0, (int) call(other, "load", 0));
            assertEquals(2, (int) call(other, "bump"));
            assertEquals(1, (int) call(other, "growTable", 0));
            call(other, "init");
        }
    }

    @Test
    void callsBetweenInstancesLeaveNothingOnTheHeap() {
        CoreModule callee = new CoreModule();
        callee.function("add", "ii:i", code().get(0).get(1).op(Code.I32_ADD));
        CoreModule caller = new CoreModule();
        int add = caller.importFunction("callee", "add", "ii:i");
        caller.function("count", "i:i", code()
                .loop().get(0).i32(-1).call(add).set(0).get(0).branchIf(0).op(Code.END).get(0));
        WasmInstance instance = instantiate(caller, extern(instantiate(callee), "add"));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        call(instance, "count", 100);
        long before = threads.getCurrentThreadAllocatedBytes();
        call(instance, "count", 10_000);
        long each = (threads.getCurrentThreadAllocatedBytes() - before) / 10_000;
        assertEquals(0, each, "bytes for a call");
    }

    @Test
    void callsWithinCallsKeepTheirNumbers() {
        CoreModule module = new CoreModule();
        int host = module.importFunction("host", "f", "ii:i");
        module.function("sum", "ii:i", code().get(0).get(0).get(1).call(host).op(Code.I32_ADD).get(1).op(Code.I32_ADD));
        WasmInstance[] instance = new WasmInstance[1];
        List<ValueType> two = List.of(ValueType.I32, ValueType.I32);
        instance[0] = instantiate(module, new HostFunction(new FunctionType(two, List.of(ValueType.I32)), arguments ->
                new long[] {arguments[0] == 0 ? 0 : call(instance[0], "sum", arguments[0] - 1, arguments[1] + 1)}));
        assertEquals(220, (int) call(instance[0], "sum", 10, 10));
    }
}
