package org.ashlar.api.service;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The {@link ProviderWatch watches} that a holder of providers knows at the moment. Given to the {@link Providers} of
 * that holder, it tells all of them until one takes the provider out. May be called on any thread.
 */
public final class ProviderWatches implements ProviderWatch {
    private final List<ProviderWatch> watches = new CopyOnWriteArrayList<>();

    public void add(ProviderWatch watch) {
        watches.add(watch);
    }

    public void remove(ProviderWatch watch) {
        watches.remove(watch);
    }

    @Override
    public boolean failedAtFirstCall(long bundleId, Throwable why) {
        return watches.stream().anyMatch(watch -> tell(watch, bundleId, why));
    }

    /** One that throws itself, as when it is being replaced, takes nothing out: whoever tells it has a failure to see to. */
    private static boolean tell(ProviderWatch watch, long bundleId, Throwable why) {
        try {
            return watch.failedAtFirstCall(bundleId, why);
        } catch (RuntimeException | LinkageError e) {
            if (e != why) {
                why.addSuppressed(e);
            }
            return false;
        }
    }
}
