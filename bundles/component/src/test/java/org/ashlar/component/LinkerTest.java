package org.ashlar.component;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.ashlar.api.wasm.MemoryBudget;
import org.junit.jupiter.api.Test;

/** What is missing, what fits, and what a host's own exceptions do. */
class LinkerTest {
    private static final class Unwind extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static Linker.Builder<Unit> things(String version) {
        return Linker.<Unit>builder()
                .resource("test:host/things" + version, "thing", HostResource.of(Object.class))
                .define("test:host/things" + version, "[constructor]thing", (_, _) -> version)
                .define("test:host/things" + version, "[method]thing.size", (_, _) -> 1);
    }

    private static String missing(Linker.Builder<Unit> linker) {
        ComponentException e = assertThrows(ComponentException.class,
                () -> linker.build().link(TestComponents.compiled("resources")));
        assertEquals(ComponentException.Kind.UNLINKABLE, e.kind());
        return e.getMessage();
    }

    @Test
    void anInterfaceThatIsNotThereIsNamed() {
        assertEquals("the host does not offer what the component imports: interface `test:host/things@0.2.1`",
                missing(Linker.builder()));
    }

    @Test
    void functionsThatAreNotThereAreNamed() {
        assertEquals("the host does not offer what the component imports: interface `test:host/things@0.2.1`, of which it "
                + "lacks swallow", missing(things("@0.2.0")));
    }

    @Test
    void aVersionFitsWhenItsFirstNumberThatIsNotZeroIsTheSame() {
        for (String fits : List.of("@0.2", "@0.2.0", "@0.2.1", "@0.2.9", "@0.2.3-rc.1")) {
            things(fits).define("test:host/things" + fits, "swallow", (_, _) -> Unit.VALUE).build()
                    .link(TestComponents.compiled("resources"));
        }
        for (String unfit : List.of("", "@0.1.0", "@0.3.0", "@1.2.1", "@0", "@latest")) {
            assertTrue(missing(things(unfit).define("test:host/things" + unfit, "swallow", (_, _) -> Unit.VALUE))
                    .endsWith("interface `test:host/things@0.2.1`"), unfit);
        }
    }

    @Test
    void theSameVersionWinsThenTheHighestThatHasTheFunction() {
        Linker<List<String>> linker = Linker.<List<String>>builder()
                .define("test:host/call@1.5.0", "out", (calls, _) -> calls.add("1.5.0"))
                .define("test:host/call@1.10.0", "out", (calls, _) -> calls.add("1.10.0"))
                .define("test:host/call@1.11.0", "in", (calls, _) -> calls.add("1.11.0")).build();
        List<String> calls = new java.util.ArrayList<>();
        TestComponents.start("reentry", linker, calls).function("run").orElseThrow().call();
        Linker<List<String>> exact = Linker.<List<String>>builder().include(linker)
                .define("test:host/call@1.0.0", "out", (seen, _) -> seen.add("1.0.0")).build();
        TestComponents.start("reentry", exact, calls).function("run").orElseThrow().call();
        assertEquals(List.of("1.10.0", "1.0.0"), calls);
    }

    @Test
    void eachInstanceHasItsOwnHostState() {
        LinkedComponent<List<Integer>> linked = Linker.<List<Integer>>builder()
                .define("test:host/call@1.0.0", "out", (calls, _) -> calls.add(calls.size())).build()
                .link(TestComponents.compiled("reentry"));
        List<Integer> first = new java.util.ArrayList<>();
        List<Integer> second = new java.util.ArrayList<>();
        ComponentFunction one = linked.instantiate(first, MemoryBudget.of(1 << 20)).function("run").orElseThrow();
        ComponentFunction two = linked.instantiate(second, MemoryBudget.of(1 << 20)).function("run").orElseThrow();
        one.call();
        two.call();
        one.call();
        assertEquals(List.of(0, 1), first);
        assertEquals(List.of(0), second);
    }

    @Test
    void whatAHostFunctionThrowsComesOutUnchangedAndEndsTheInstance() {
        Unwind unwind = new Unwind();
        ComponentInstance guest = TestComponents.start("reentry", Linker.<Unit>builder()
                .define("test:host/call@1.0.0", "out", (_, _) -> {
                    throw unwind;
                }).build(), Unit.VALUE);
        ComponentFunction run = guest.function("run").orElseThrow();
        assertSame(unwind, assertThrows(Unwind.class, run::call));
        assertEquals("cannot enter component instance", assertThrows(ComponentTrap.class, run::call).getMessage());
    }

    @Test
    void aFunctionIsFoundByItsName() {
        ComponentInstance guest = TestComponents.start("shared-table", Linker.<Unit>builder().build(), Unit.VALUE);
        assertTrue(guest.function("add").isPresent());
        assertTrue(guest.function("subtract").isEmpty());
        assertTrue(guest.function("add", "add").isEmpty());
    }
}
