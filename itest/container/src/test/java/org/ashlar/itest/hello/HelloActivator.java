package org.ashlar.itest.hello;

import java.util.Hashtable;
import java.util.Map;
import org.ashlar.api.process.SystemProcess;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Offers {@link HelloProcess} while its bundle is active. */
public final class HelloActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        context.registerService(SystemProcess.class, new HelloProcess(),
                new Hashtable<>(Map.of(SystemProcess.ID, "hello:test:sys", SystemProcess.PUBLIC, true)));
    }

    @Override
    public void stop(BundleContext context) {
        // the framework takes the service back
    }
}
