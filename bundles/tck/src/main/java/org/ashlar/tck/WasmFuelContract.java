package org.ashlar.tck;

import static org.ashlar.tck.Code.code;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ashlar.api.wasm.Fuel;
import org.ashlar.api.wasm.HostFunction;
import org.ashlar.api.wasm.WasmException;
import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.api.wasm.WasmInstance;
import org.ashlar.api.wasm.WasmTrap;
import org.junit.jupiter.api.Test;

/** What an engine counts, and what {@link Fuel} can do with it. */
public abstract class WasmFuelContract extends WasmContract {
    private static final int TURNS = 10_000;
    private static final int BLOCK = 0x02;
    private static final int TRY_TABLE = 0x1F;
    private static final int EMPTY = 0x40;
    private static final int CATCH_ALL = 2;

    /** Hands out slices of one size, adds up what was used, and stops the code when that is more than it may be. */
    private static final class Tank implements Fuel {
        private final int slice;
        private final long limit;
        private long used;
        private int asked;

        Tank(int slice, long limit) {
            this.slice = slice;
            this.limit = limit;
        }

        @Override
        public int next(long units) {
            assertTrue(units >= 0, "used " + units);
            used += units;
            asked++;
            if (used > limit) {
                throw new Empty();
            }
            return slice;
        }
    }

    private static final class Empty extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void everyTurnOfALoopCosts() {
        CoreModule module = new CoreModule();
        module.function("loop", "i:i", 1, counting(code()));
        everyTurnCosts(module, "loop");
    }

    @Test
    void whatALoopWorksWithIsTheSameAfterEachSlice() {
        CoreModule module = new CoreModule();
        module.function("double", "ild:l", code().loop()
                .get(1).get(1).op(Code.I64_ADD).set(1)
                .get(2).get(2).op(Code.F64_MUL).set(2)
                .get(0).i32(1).op(Code.I32_SUB).set(0)
                .get(0).branchIf(0).op(Code.END)
                .get(1).get(2).op(Code.I32_TRUNC_F64_S).op(Code.I64_EXTEND_I32_S).op(Code.I64_ADD));
        Tank tank = new Tank(1, Long.MAX_VALUE);
        assertEquals((0x1_2345_6789L << 30) + 1, call(fuelled(module, tank), "double", 30, 0x1_2345_6789L, Double.doubleToRawLongBits(-1)));
        assertTrue(tank.asked >= 30, "asked " + tank.asked);
    }

    @Test
    void everyCallCosts() {
        // f(n) = n == 0 ? 0 : 1 + f(n - 1)
        CoreModule module = new CoreModule();
        int self = 0;
        module.function("deep", "i:i", 1, code().i32(0).set(1)
                .get(0).op(Code.I32_EQZ).ifEmpty().get(1).op(Code.RETURN).op(Code.END)
                .get(0).i32(1).op(Code.I32_SUB).call(self).i32(1).op(Code.I32_ADD));
        Tank tank = new Tank(100, Long.MAX_VALUE);
        assertEquals(200, call(fuelled(module, tank), "deep", 200));
        assertTrue(tank.used > 200, "used " + tank.used);
        assertTrue(tank.asked > 5, "asked " + tank.asked);
    }

    @Test
    void loopsThatCallFunctionsPayForBoth() {
        CoreModule module = new CoreModule();
        module.function("small", "i:i", code().get(0).i32(3).op(Code.I32_ADD));
        int large = module.function("inner", "i:i", 1, counting(code()));
        module.function("outer", "i:i", 1, counting(code().get(1).call(0).op(Code.DROP).i32(10).call(large).op(Code.DROP)));
        everyTurnCosts(module, "outer");
    }

    /** A loop works, and then calls a function that does nothing but throw; who catches it begins anew. */
    @Test
    void whatEndsByAnExceptionPaysForWhatItDid() {
        CoreModule module = new CoreModule();
        module.tag("thrown", ":");
        int throwing = module.function("throwing", ":", code().throwTag(0));
        int works = module.function("works", "i:i", 1, counting(code()).op(Code.DROP).call(throwing).get(1));
        module.function("again", "i:i", 1, counting(code().op(BLOCK).op(EMPTY).op(TRY_TABLE).op(EMPTY).op(1).op(CATCH_ALL).op(0)
                .i32(1000).call(works).op(Code.DROP).op(Code.END).op(Code.END)));
        Tank tank = new Tank(100_000, Long.MAX_VALUE);
        assertEquals(1000, call(fuelled(module, tank), "again", 1000));
        assertTrue(tank.used > 1_000_000, "used " + tank.used);
    }

    @Test
    void manyBytesAtOnceCostMore() {
        CoreModule module = new CoreModule().memory(16, 16);
        module.function("fill", "i:", code().i32(0).i32(1).get(0).memoryFill());
        module.function("copy", "i:", code().i32(0).i32(100).get(0).memoryCopy());
        for (String name : List.of("fill", "copy")) {
            Tank tank = new Tank(100, Long.MAX_VALUE);
            WasmInstance instance = fuelled(module, tank);
            call(instance, name, 1);
            long few = tank.used;
            call(instance, name, 1_000_000);
            assertTrue(tank.used - few > 10_000, name + " used " + (tank.used - few));
            long before = tank.used;
            assertThrows(WasmTrap.class, () -> call(instance, name, -1));
            assertTrue(tank.used - before > 1 << 27, name + " of 4 GiB used " + (tank.used - before));
        }
    }

    @Test
    void whatFuelThrowsEndsTheCallAndReachesTheCaller() {
        CoreModule module = new CoreModule();
        module.function("endless", ":", code().loop().branch(0).op(Code.END));
        module.function("fine", "i:i", code().get(0));
        WasmInstance instance = fuelled(module, new Tank(1000, 1_000_000));
        assertThrows(Empty.class, () -> call(instance, "endless"));
        assertEquals(7, call(instance, "fine", 7));
        assertThrows(Empty.class, () -> call(instance, "endless"), "it gets no further slice for nothing");
    }

    @Test
    void codeThatCatchesEverythingDoesNotCatchWhatFuelThrows() {
        CoreModule module = new CoreModule();
        module.function("endless", ":", code().loop().op(BLOCK).op(EMPTY).op(TRY_TABLE).op(EMPTY).op(1).op(CATCH_ALL).op(0)
                .loop().branch(0).op(Code.END).op(Code.END).op(Code.END).branch(0).op(Code.END));
        assertThrows(Empty.class, () -> call(fuelled(module, new Tank(1000, 1_000_000)), "endless"));
    }

    @Test
    void functionsThatCallThemselvesInTheirPlaceAreStopped() {
        CoreModule module = new CoreModule();
        module.function("endless", ":", code().returnCall(0));
        assertThrows(Empty.class, () -> call(fuelled(module, new Tank(100, 10_000)), "endless"));
    }

    @Test
    void aStartFunctionWithoutEndIsStopped() {
        CoreModule module = new CoreModule();
        module.start(module.function("s", ":", code().loop().branch(0).op(Code.END)));
        assertThrows(Empty.class, () -> fuelled(module, new Tank(1000, 1_000_000)));
    }

    @Test
    void slicesOfAbsurdSizeAreTakenAsTheNearestThatMakesSense() {
        for (int slice : new int[] {Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE}) {
            CoreModule module = new CoreModule();
            module.function("loop", "i:i", 1, counting(code()));
            Tank tank = new Tank(slice, Long.MAX_VALUE);
            assertEquals(TURNS, call(fuelled(module, tank), "loop", TURNS));
        }
    }

    @Test
    void theHostIsAskedOnTheThreadThatRunsAndMayCallBack() {
        CoreModule module = new CoreModule();
        module.function("loop", "i:i", 1, counting(code()));
        module.function("fine", "i:i", code().get(0));
        WasmInstance[] instance = new WasmInstance[1];
        Thread thread = Thread.currentThread();
        int[] asked = {0};
        instance[0] = compile(module.bytes()).instantiate(List.of(), AMPLE, used -> {
            assertEquals(thread, Thread.currentThread());
            asked[0]++;
            assertEquals(5, call(instance[0], "fine", 5));
            return 1000;
        });
        assertEquals(TURNS, call(instance[0], "loop", TURNS));
        assertTrue(asked[0] > 5);
    }

    @Test
    void importsAndNumbersOfFunctionsAreStillThoseOfTheModule() {
        CoreModule module = new CoreModule().table(3, 3).global("g", 5);
        int host = module.importFunction("host", "f", "i:i");
        int own = module.function("own", "i:i", 1, counting(code()));
        module.function("indirect", "ii:i", code().get(0).get(1).callIndirect(module.type("i:i"), 0));
        module.element(0, host, own);
        Tank tank = new Tank(10, Long.MAX_VALUE);
        WasmExtern doubling = new HostFunction(INT_TO_INT, arguments -> new long[] {2 * arguments[0]});
        WasmInstance instance = compile(module.bytes()).instantiate(List.of(doubling), AMPLE, tank);
        assertEquals(42, call(instance, "indirect", 21, 0));
        assertEquals(21, call(instance, "indirect", 21, 1));
        assertThrows(WasmTrap.class, () -> call(instance, "indirect", 21, 2));
        assertEquals(1, compile(module.bytes()).imports().size());
    }

    /** Behind the last function of a module there are those that count for it. */
    @Test
    void noModuleReachesWhatCountsForIt() {
        for (int behind = 1; behind < 5; behind++) {
            CoreModule exporting = new CoreModule();
            exporting.exportFunction("charge", exporting.function("f", ":", code()) + behind);
            assertThrows(WasmException.class, () -> fuelled(exporting, new Tank(100, 1000)));
            CoreModule listing = new CoreModule().table(1, 1);
            listing.element(0, listing.function("f", ":", code()) + behind);
            assertThrows(WasmException.class, () -> fuelled(listing, new Tank(100, 1000)));
        }
    }

    private void everyTurnCosts(CoreModule module, String name) {
        Tank tank = new Tank(100, Long.MAX_VALUE);
        WasmInstance instance = fuelled(module, tank);
        assertEquals(TURNS, call(instance, name, TURNS));
        long once = tank.used;
        assertTrue(once > TURNS, "used " + once);
        assertEquals(TURNS, call(instance, name, TURNS));
        assertEquals(2.0, (double) tank.used / once, 0.01, "the same work costs the same");
        assertThrows(Empty.class, () -> call(fuelled(module, new Tank(100, once / 2)), name, TURNS));
    }

    /** Counts local 1 up to local 0, and does the rest at each turn. */
    private static Code counting(Code rest) {
        return code().i32(0).set(1).loop().append(rest).get(1).i32(1).op(Code.I32_ADD).set(1)
                .get(1).get(0).op(Code.I32_SUB).branchIf(0).op(Code.END).get(1);
    }

    private WasmInstance fuelled(CoreModule module, Fuel fuel) {
        return compile(module.bytes()).instantiate(List.of(), AMPLE, fuel);
    }
}
