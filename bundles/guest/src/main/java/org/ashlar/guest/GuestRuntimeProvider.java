package org.ashlar.guest;

import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ashlar.api.process.GuestRuntime;
import org.ashlar.api.service.ProviderWatch;
import org.ashlar.api.service.ProviderWatches;
import org.ashlar.api.service.Providers;
import org.ashlar.api.wasm.WasmEngine;
import org.ashlar.component.Linker;
import org.ashlar.wasi.Drives;
import org.ashlar.wasi.IoPool;
import org.ashlar.wasi.Wasi;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Offers a {@link GuestRuntime} over the Wasm engines that are there.
 * <p>
 * Life cycle: it is there with or without engines. When an engine comes or goes it modifies the property {@code engines} of
 * its service. That call reaches the kernel before it returns: when an engine goes, the kernel restarts the guests that run
 * on it, and only then does the engine's bundle stop, and with it the classes of those guests' code. When one comes, the
 * kernel moves guests to it by and by.
 */
@Component(service = {})
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>=org.ashlar.api.process.GuestRuntime",
        uses = GuestRuntime.class)
@Designate(ocd = GuestRuntimeProvider.Config.class)
public final class GuestRuntimeProvider {
    /** A service property, a String[]: the names of the engines that are there. */
    static final String ENGINES = "engines";
    private static final long LARGEST_DEFAULT = 1L << 30;

    /** How guests are run. */
    @ObjectClassDefinition(name = "Ashlar guest runtime")
    public @interface Config {
        @AttributeDefinition(name = "Engine", description = "Name of the engine to prefer while it is there, such as "
                + "chicory. Empty: the one with the highest ranking, among equals the one deployed last.")
        String engine() default "";

        @AttributeDefinition(name = "Memory limit", description = "Bytes of memory and tables that a process may have. "
                + "0: a quarter of the Java heap, at most 1 GiB.")
        long memory_limit() default 0;

        @AttributeDefinition(name = "Memory of all", description = "Bytes of memory and tables that all processes may have "
                + "together. 0: half of the Java heap.")
        long memory_total() default 0;

        @AttributeDefinition(name = "Scratch bytes", description = "Bytes that the files of one scratch drive may have.")
        long scratch_bytes() default 1L << 30;

        @AttributeDefinition(name = "Scratch files", description = "Files and folders that one scratch drive may have.")
        int scratch_files() default 100_000;

        @AttributeDefinition(name = "I/O threads", description = "How many guests' file operations run at a time.")
        int io_threads() default 4;
    }

    private final ProviderWatches watches = new ProviderWatches();
    private final Providers<Engine> engines = new Providers<>(watches);
    private final List<Engine> present = new CopyOnWriteArrayList<>();
    private final String preferred;
    private final IoPool files;
    private final Programs programs;
    private final ServiceRegistration<GuestRuntime> registration;
    private volatile boolean stopped;

    @Activate
    public GuestRuntimeProvider(BundleContext context, Config config) {
        preferred = config.engine();
        files = new IoPool(config.io_threads());
        Surroundings surroundings = new Surroundings(files, new Drives(config.scratch_bytes(), config.scratch_files()),
                new NodeMemory(config.memory_total() > 0 ? config.memory_total() : Runtime.getRuntime().maxMemory() / 2),
                memoryLimit(config));
        programs = new Programs(engines, new ProgramLoader(linker(), surroundings));
        registration = context.registerService(GuestRuntime.class,
                new ComponentRuntime(programs), properties());
    }

    /** The guest world and WASI. */
    static Linker<Run> linker() {
        Linker.Builder<Run> linker = Linker.builder();
        World.define(linker);
        Wasi.addTo(linker, Run::wasi);
        return linker.build();
    }

    private static long memoryLimit(Config config) {
        return config.memory_limit() > 0
                ? config.memory_limit()
                : Math.min(Runtime.getRuntime().maxMemory() / 4, LARGEST_DEFAULT);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addEngine(WasmEngine service, Map<String, Object> properties) {
        boolean named = service.name().equals(preferred);
        int ranking = properties.get("service.ranking") instanceof Integer given ? given : 0;
        present.add(Engine.of(service, engines, named ? Integer.MAX_VALUE : ranking, properties));
        announce();
    }

    void removeEngine(WasmEngine service) {
        for (Engine engine : present) {
            if (engine.service() == service) {
                long deadline = System.nanoTime() + Providers.DEPARTURE.toNanos();
                present.remove(engine);
                engine.depart();
                Providers.Departure departure = engines.hide(engine);
                announce();
                departure.await(Duration.ofNanos(deadline - System.nanoTime()));
                programs.forget(engine);
            }
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addProviderWatch(ProviderWatch watch) {
        watches.add(watch);
    }

    void removeProviderWatch(ProviderWatch watch) {
        watches.remove(watch);
    }

    /** Returns when the kernel has acted on it. */
    private void announce() {
        if (!stopped) {
            registration.setProperties(properties());
        }
    }

    @Deactivate
    void deactivate() {
        stopped = true; // engines are taken away after this; nobody is left to be told
        registration.unregister();
        files.close();
    }

    private Dictionary<String, Object> properties() {
        return new Hashtable<>(Map.of(ENGINES, present.stream().map(Engine::name).toArray(String[]::new)));
    }
}
