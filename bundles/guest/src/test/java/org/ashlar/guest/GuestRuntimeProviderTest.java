package org.ashlar.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Annotation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.felix.framework.FrameworkFactory;
import org.ashlar.api.process.GuestException;
import org.ashlar.api.process.GuestProgram;
import org.ashlar.api.process.GuestRuntime;
import org.ashlar.api.wasm.WasmEngine;
import org.ashlar.api.wasm.WasmException;
import org.ashlar.api.wasm.WasmModule;
import org.ashlar.chicory.ChicoryEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

/** Engines come and go in a real framework: what its other bundles see of that. */
class GuestRuntimeProviderTest {
    private Framework framework;
    private BundleContext context;
    private GuestRuntimeProvider provider;

    @BeforeEach
    void startFramework(@TempDir Path storage) throws Exception {
        framework = new FrameworkFactory().newFramework(Map.of(Constants.FRAMEWORK_STORAGE, storage.toString(),
                "felix.log.level", "1"));
        framework.start();
        context = framework.getBundleContext();
        provider = new GuestRuntimeProvider(context, preferring("second"));
    }

    @AfterEach
    void stopFramework() throws Exception {
        framework.stop();
        framework.waitForStop(10_000);
    }

    @Test
    void theRuntimeIsThereWithoutEngines() {
        assertArrayEquals(new String[0], engines());
    }

    @Test
    void theNewestEngineCompilesUnlessOneIsNamed() throws Exception {
        provider.addEngine(new Named("first"), Map.of());
        assertEquals("first", load().runtime());
        provider.addEngine(new Named("newer"), Map.of());
        assertEquals("newer", load().runtime());
        provider.addEngine(new Named("second"), Map.of());
        provider.addEngine(new Named("newest"), Map.of(Constants.SERVICE_RANKING, 5));
        assertEquals("second", load().runtime());
        assertArrayEquals(new String[] {"first", "newer", "second", "newest"}, engines());
    }

    @Test
    void programsAreThereUntilTheirEngineLeavesWhichIsAnnounced() throws Exception {
        Named first = new Named("first");
        Named second = new Named("second");
        provider.addEngine(first, Map.of());
        GuestProgram onFirst = load();
        provider.addEngine(second, Map.of());
        GuestProgram onSecond = load();
        assertTrue(onFirst.isThere() && onSecond.isThere());
        assertTrue(!isCurrent(onFirst) && isCurrent(onSecond));

        List<List<Boolean>> currentWhenAnnounced = new ArrayList<>();
        context.addServiceListener(event -> {
            if (event.getType() == ServiceEvent.MODIFIED) {
                currentWhenAnnounced.add(List.of(onFirst.isThere(), onSecond.isThere(), isCurrent(onFirst)));
            }
        });
        provider.removeEngine(second);
        provider.removeEngine(first);
        assertEquals(List.of(List.of(true, false, true), List.of(false, false, false)), currentWhenAnnounced);
        assertArrayEquals(new String[0], engines());
    }

    @Test
    void whatWasLoadedFromAnArrayIsAtHandForThatArrayAsLongAsItsEngine() throws Exception {
        Named engine = new Named("first");
        provider.addEngine(engine, Map.of());
        GuestRuntime runtime = context.getService(reference());
        byte[] component = Guests.probe();
        assertEquals(Optional.empty(), runtime.loaded(component, Optional.empty()));
        GuestProgram program = runtime.load(component, Optional.empty());
        assertSame(program, runtime.loaded(component, Optional.empty()).orElseThrow());
        assertEquals(Optional.empty(), runtime.loaded(component.clone(), Optional.empty()));
        provider.addEngine(new Named("newer"), Map.of());
        assertEquals(Optional.empty(), runtime.loaded(component, Optional.empty()));
        assertSame(program, runtime.loaded(component, Optional.of("first")).orElseThrow());
        provider.removeEngine(engine);
        assertEquals(Optional.empty(), runtime.loaded(component, Optional.of("first")));
    }

    @Test
    void aProgramOfADepartedEngineIsCompiledAnewByTheNext() throws Exception {
        Named first = new Named("first");
        provider.addEngine(first, Map.of());
        load();
        provider.removeEngine(first);
        provider.addEngine(new Named("next"), Map.of());
        assertEquals("next", load().runtime());
    }

    @Test
    void enginesMayGoAfterTheProviderHasStopped() {
        Named engine = new Named("first");
        provider.addEngine(engine, Map.of());
        provider.deactivate();
        provider.removeEngine(engine);
        assertFalse(context.getServiceReference(GuestRuntime.class) != null);
    }

    @Test
    void aProcessMayWantAnotherEngineThanTheRest() throws Exception {
        provider.addEngine(new Named("first"), Map.of());
        provider.addEngine(new Named("newer"), Map.of());
        GuestProgram program = load("first");
        assertEquals("first", program.runtime());
        assertTrue(program.current(Optional.of("first")) && !isCurrent(program));
        assertEquals("newer", load("one that is not there").runtime());
    }

    @Test
    void whatTheNewestEngineLacksTheNextOneRuns() throws Exception {
        provider.addEngine(new Named("first"), Map.of());
        GuestProgram before = load();
        Named picky = new Named("picky", engine -> {
            throw new WasmException("it knows no memories");
        });
        provider.addEngine(picky, Map.of());
        assertFalse(isCurrent(before), "not tried yet");
        assertSame(before, load());
        assertTrue(isCurrent(before), "tried, and passed over");
        assertTrue(before.passedOver().orElseThrow().startsWith("picky: "), before.passedOver().toString());
        provider.removeEngine(picky);
        assertEquals(Optional.empty(), before.passedOver());
    }

    @Test
    void whatNoEngineRunsIsRefusedWithTheReasonOfTheFirst() {
        for (String name : List.of("first", "last")) {
            provider.addEngine(new Named(name, engine -> {
                throw new WasmException("not on " + name);
            }), Map.of());
        }
        GuestException e = assertThrows(GuestException.class, () -> load());
        assertTrue(e.getMessage().contains("not on last"), e.getMessage());
    }

    private static boolean isCurrent(GuestProgram program) {
        return program.current(Optional.empty());
    }

    private GuestProgram load(String engine) throws Exception {
        return context.getService(reference()).load(Guests.probe(), Optional.of(engine));
    }

    private GuestProgram load() throws Exception {
        return context.getService(reference()).load(Guests.probe(), Optional.empty());
    }

    private String[] engines() {
        return (String[]) reference().getProperty(GuestRuntimeProvider.ENGINES);
    }

    private ServiceReference<GuestRuntime> reference() {
        return context.getServiceReference(GuestRuntime.class);
    }

    private static GuestRuntimeProvider.Config preferring(String name) {
        return new GuestRuntimeProvider.Config() {
            @Override
            public String engine() {
                return name;
            }

            @Override
            public long memory_limit() {
                return 0;
            }

            @Override
            public long memory_total() {
                return 0;
            }

            @Override
            public long scratch_bytes() {
                return 1 << 20;
            }

            @Override
            public int scratch_files() {
                return 10;
            }

            @Override
            public int io_threads() {
                return 1;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return GuestRuntimeProvider.Config.class;
            }
        };
    }

    /** A real engine under a name of the test's own. */
    private record Named(String name, Function<byte[], WasmModule> compiler) implements WasmEngine {
        Named(String name) {
            this(name, ChicoryEngine.inMemory()::compile);
        }

        @Override
        public WasmModule compile(byte[] module) {
            return compiler.apply(module);
        }
    }
}
