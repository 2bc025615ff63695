package org.ashlar.itest;

import static org.junit.Assert.assertEquals;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;

/** The class loaders of bundles that are about to go, and must be collected then. */
final class Departed {
    private final BundleContext context;
    private final Map<String, WeakReference<ClassLoader>> loaders = new TreeMap<>();

    Departed(BundleContext context) {
        this.context = context;
    }

    /** The last bundle of that part. */
    void remember(String part) {
        Bundle bundle = Arrays.stream(context.getBundles()).filter(each -> ("org.ashlar." + part).equals(each.getSymbolicName()))
                .reduce((first, last) -> last).orElseThrow();
        loaders.put(part + " " + bundle.getBundleId(), new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader()));
    }

    /** Returns when all have been collected. */
    void assertCollected() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        do {
            System.gc();
            loaders.values().removeIf(each -> each.get() == null);
            Thread.sleep(100);
        } while (!loaders.isEmpty() && System.nanoTime() < end);
        assertEquals("class loaders that are left of what was replaced", Set.of(), loaders.keySet());
    }
}
