package org.ashlar.chicory;

import com.dylibso.chicory.wasm.Version;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.ashlar.api.wasm.WasmEngine;
import org.ashlar.api.wasm.WasmModule;
import org.ashlar.wasm.CodeCache;
import org.ashlar.wasm.EngineSetup;
import org.ashlar.wasm.ModuleStore;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Compiles core modules to JVM bytecode with Chicory.
 * <p>
 * Life cycle: compiled modules and their instances need the classes of this bundle, so they must not outlive it; the
 * holder restarts its guests on another engine before the bundle stops.
 */
@Component(service = WasmEngine.class)
@Designate(ocd = ChicoryEngine.Config.class)
public final class ChicoryEngine implements WasmEngine {
    /** Changes whenever this bundle's part in the compiled code does: old files in the cache then fit no more. */
    private static final int GENERATION = 2;

    /** How the engine is configured. */
    @ObjectClassDefinition(name = "Ashlar engine Chicory")
    public @interface Config {
        @AttributeDefinition(name = "Cache folder", description = "Where compiled code is kept. Empty: cache/wasm in the "
                + "node's home (framework property ashlar.home), or the bundle's own data area without one.")
        String cache() default "";

        @AttributeDefinition(name = "Cache size", description = "Bytes that compiled code may take on disk. 0: keep none.")
        long cache_limit() default EngineSetup.CACHE_LIMIT;

        @AttributeDefinition(name = "Module size", description = "The largest core module that is compiled, in bytes. "
                + "Compiling takes some 35 times that of heap.")
        int module_limit() default EngineSetup.MODULE_LIMIT;
    }

    private final ModuleStore<ChicoryModule> modules;

    @Activate
    public ChicoryEngine(BundleContext context, Config config) {
        this(config.cache_limit() <= 0 ? Optional.empty() : Optional.of(folder(context, config)), config.cache_limit(),
                config.module_limit());
        EngineSetup.checkJvm();
    }

    /** An engine for use without OSGi, as in tests; it keeps nothing on disk. */
    public static ChicoryEngine inMemory() {
        return new ChicoryEngine(Optional.empty(), 0, EngineSetup.MODULE_LIMIT);
    }

    /** @param moduleLimit the largest module that is compiled, in bytes */
    ChicoryEngine(Optional<Path> cache, long cacheLimit, int moduleLimit) {
        this.modules = new ModuleStore<>(new ModuleCompiler(), cache.map(folder -> new CodeCache(folder, cacheLimit, Clock.systemUTC())),
                EngineSetup.environment("engine-chicory", GENERATION, "chicory " + Version.version()), moduleLimit);
    }

    private static Path folder(BundleContext context, Config config) {
        return EngineSetup.cacheFolder(config.cache(), Optional.ofNullable(context.getProperty("ashlar.home")),
                () -> context.getDataFile("code").toPath());
    }

    @Override
    public String name() {
        return "chicory";
    }

    @Override
    public WasmModule compile(byte[] module) {
        return modules.get(module);
    }
}
