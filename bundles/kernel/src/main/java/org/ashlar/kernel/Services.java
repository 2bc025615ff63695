package org.ashlar.kernel;

import java.util.ArrayList;
import java.util.List;
import org.ashlar.api.process.GuestRuntime;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.service.ProviderWatches;
import org.ashlar.api.service.Providers;
import org.ashlar.api.store.FileStore;
import org.ashlar.api.store.StateStore;

/** What the kernel calls, whoever offers it at the moment, and who is told of a provider that fails at its first call. */
final class Services {
    private final ProviderWatches watches = new ProviderWatches();
    private final Providers<StateStore> stores = new Providers<>(watches);
    private final Providers<FileStore> files = new Providers<>(watches);
    private final Providers<GuestRuntime> runtimes = new Providers<>(watches);

    Providers<StateStore> stores() {
        return stores;
    }

    Providers<FileStore> files() {
        return files;
    }

    Providers<GuestRuntime> runtimes() {
        return runtimes;
    }

    /** For the providers of one system process. */
    Providers<SystemProcess> processes() {
        return new Providers<>(watches);
    }

    ProviderWatches watches() {
        return watches;
    }

    /** A guest has come to its first receive on that runtime. */
    void works(GuestRuntime runtime) {
        runtimes.lease(runtime).ifPresent(lease -> {
            lease.works();
            lease.close();
        });
    }

    /**
     * A runtime threw what none may throw, before the guest had taken anything.
     *
     * @return whether another is to run that guest, now or in a moment
     */
    boolean failed(GuestRuntime runtime, Throwable why) {
        try (Providers.Lease<GuestRuntime> lease = runtimes.lease(runtime).orElse(null)) {
            return lease == null || lease.failed(why);
        }
    }

    /** What is not there and without which no process runs, for a person. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (stores.preferred().isEmpty()) {
            missing.add("a state store");
        }
        if (files.preferred().isEmpty()) {
            missing.add("a file store");
        }
        if (runtimes.preferred().isEmpty()) {
            missing.add("a guest runtime");
        }
        return missing;
    }
}
