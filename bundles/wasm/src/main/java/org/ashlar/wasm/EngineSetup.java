package org.ashlar.wasm;

import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What engines do alike when they start. */
public final class EngineSetup {
    /** The largest core module that is compiled unless configured, in bytes. */
    public static final int MODULE_LIMIT = 32 << 20;
    /** What compiled code may take on disk unless configured, in bytes. */
    public static final long CACHE_LIMIT = 1L << 30;

    private static final String HUGE_METHODS = "-XX:-DontCompileHugeMethods";
    private static final Logger LOG = LoggerFactory.getLogger(EngineSetup.class);

    private EngineSetup() { }

    /** Warns when the JVM lacks an option without which it does not compile large functions. */
    public static void checkJvm() {
        if (!ManagementFactory.getRuntimeMXBean().getInputArguments().contains(HUGE_METHODS)) {
            LOG.warn("the JVM runs without {}: guests' large functions stay in its interpreter", HUGE_METHODS);
        }
    }

    /**
     * Where compiled code is kept.
     *
     * @param configured the folder that the configuration names; empty when it names none
     * @param home       the node's home
     * @param own        a folder that is there without a home
     */
    public static Path cacheFolder(String configured, Optional<String> home, Supplier<Path> own) {
        if (!configured.isEmpty()) {
            return Path.of(configured);
        }
        return home.map(folder -> Path.of(folder, "cache", "wasm")).orElseGet(own);
    }

    /**
     * Names everything, besides a module, that its compiled code depends on.
     *
     * @param generation changes whenever the engine's own part in the code does
     * @param compiler   name and version of what compiles
     */
    public static String environment(String engine, int generation, String compiler) {
        return engine + " " + generation + " fuel " + FuelRewriter.VERSION + " tuned " + ClassTuner.VERSION + " " + compiler
                + " jdk " + Runtime.version().feature() + " " + ByteOrder.nativeOrder();
    }
}
