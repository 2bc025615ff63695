package org.ashlar.component;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmTrap;
import org.junit.jupiter.api.Test;

/** What a guest cannot do, whatever it tries. */
class InvariantsTest {
    private static final Linker<Unit> NOTHING = Linker.<Unit>builder().build();

    private static ComponentInstance calling(Runnable out) {
        return TestComponents.start("reentry", Linker.<Unit>builder().define("test:host/call@1.0.0", "out", (_, _) -> {
            out.run();
            return Unit.VALUE;
        }).build(), Unit.VALUE);
    }

    @Test
    void theHostCannotCallAnInstanceThatWaitsForIt() {
        AtomicReference<ComponentInstance> guest = new AtomicReference<>();
        guest.set(calling(() -> guest.get().function("run").orElseThrow().call()));
        ComponentTrap trap = assertThrows(ComponentTrap.class, () -> guest.get().function("run").orElseThrow().call());
        assertEquals("cannot enter component instance", trap.getMessage());
    }

    @Test
    void anAllocatorCannotCallOut() {
        List<String> calls = new ArrayList<>();
        ComponentFunction text = calling(() -> calls.add("out")).function("text").orElseThrow();
        ComponentTrap trap = assertThrows(ComponentTrap.class, () -> text.call("text"));
        assertEquals("cannot leave component instance", trap.getMessage());
        assertEquals(List.of(), calls);
    }

    @Test
    void theCleanUpAfterACallCannotCallOut() {
        List<String> calls = new ArrayList<>();
        ComponentFunction number = calling(() -> calls.add("out")).function("number").orElseThrow();
        ComponentTrap trap = assertThrows(ComponentTrap.class, number::call);
        assertEquals("cannot leave component instance", trap.getMessage());
        assertEquals(List.of(), calls);
    }

    @Test
    void listsThatOverlapCannotFillTheHeap() {
        ComponentInstance guest = TestComponents.start("overlap", NOTHING, Unit.VALUE);
        assertEquals(20, ((List<?>) guest.function("lists").orElseThrow().call(20)).size());
        ComponentTrap trap = assertThrows(ComponentTrap.class, () -> guest.function("lists").orElseThrow().call(50_000));
        assertTrue(trap.getMessage().contains("exceed the limit of 8 times the memory"), trap.getMessage());
    }

    @Test
    void instancesThatInstantiateEachOtherAreCounted() {
        CompiledComponent component = TestComponents.compiled("many-instances");
        ComponentException e = assertThrows(ComponentException.class,
                () -> NOTHING.instantiate(component, Unit.VALUE, MemoryBudget.of(1 << 20)));
        assertEquals(ComponentException.Kind.LIMIT, e.kind());
        assertTrue(e.getMessage().contains("number of instances"), e.getMessage());
    }

    @Test
    void aBudgetCoversTheMemoriesOfAllModules() {
        CompiledComponent component = TestComponents.compiled("values");
        Linker<StandInHost> linker = StandInHost.linkerFor(component.imports());
        ComponentException e = assertThrows(ComponentException.class,
                () -> linker.instantiate(component, new StandInHost(), MemoryBudget.of(100)));
        assertEquals(ComponentException.Kind.UNLINKABLE, e.kind());
    }

    @Test
    void handlesAreCountedAgainstTheBudget() {
        HandleTable table = new HandleTable(MemoryBudget.of(10_000));
        RuntimeResource type = new RuntimeResource.HostDefined(HostResource.of(Object.class));
        ComponentTrap trap = assertThrows(ComponentTrap.class, () -> {
            while (true) {
                table.add(Handle.owned(type, "thing"));
            }
        });
        assertTrue(trap.getMessage().contains("budget"), trap.getMessage());
    }

    @Test
    void modulesWithDifferentTypeSectionsCallEachOtherThroughATable() {
        ComponentInstance guest = TestComponents.start("shared-table", NOTHING, Unit.VALUE);
        assertEquals(42L, guest.function("add").orElseThrow().call(40, 2));
        assertEquals(84L, guest.function("double").orElseThrow().call(42));
        assertThrows(WasmTrap.class, () -> guest.function("wrong").orElseThrow().call());
    }
}
