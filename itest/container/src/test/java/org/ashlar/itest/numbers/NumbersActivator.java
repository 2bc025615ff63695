package org.ashlar.itest.numbers;

import java.util.Hashtable;
import java.util.Map;
import org.ashlar.api.process.SystemProcess;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** Offers the process while its bundle is active. */
public final class NumbersActivator implements BundleActivator {
    private final NumbersProcess process = new NumbersProcess();
    private ServiceRegistration<SystemProcess> registration;

    @Override
    public void start(BundleContext context) {
        registration = context.registerService(SystemProcess.class, process, new Hashtable<>(Map.of(
                SystemProcess.ID, "numbers:itest:sys", SystemProcess.PUBLIC, true)));
    }

    @Override
    public void stop(BundleContext context) {
        registration.unregister();
        process.close();
    }
}
