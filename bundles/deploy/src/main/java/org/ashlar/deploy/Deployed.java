package org.ashlar.deploy;

import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.ashlar.api.process.GuestRuntime;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.wasm.WasmEngine;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;

/** The bundles of the framework, and which of them lie in the hot-deploy folder. Any thread may ask. */
final class Deployed {
    private static final Set<String> RUNS_GUESTS = Set.of(GuestRuntime.class.getName(), WasmEngine.class.getName());

    private final BundleContext context;
    private final Path folder;

    Deployed(BundleContext context, Path folder) {
        this.context = context;
        this.folder = folder;
    }

    /** Whether it was installed from the hot-deploy folder. */
    boolean contains(Bundle bundle) {
        return file(bundle).filter(file -> folder.equals(file.getParent())).isPresent();
    }

    private static Optional<Path> file(Bundle bundle) {
        try {
            return Optional.of(Path.of(URI.create(bundle.getLocation())));
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            return Optional.empty(); // not a file
        }
    }

    /** Its name, version and file, for a person. */
    String shown(Bundle bundle) {
        String name = bundle.getSymbolicName() + " " + bundle.getVersion();
        return contains(bundle) ? name + " (" + file(bundle).orElseThrow().getFileName() + ")" : name;
    }

    /** Other bundles of the same name, best first: what was deployed last before what the node came with. */
    List<Bundle> namesakes(Bundle bundle) {
        return Arrays.stream(context.getBundles())
                .filter(other -> !other.equals(bundle) && bundle.getSymbolicName().equals(other.getSymbolicName()))
                .sorted(Comparator.comparing(this::contains).thenComparingLong(Bundle::getBundleId).reversed())
                .toList();
    }

    /** Whether others are wired to its packages, which goes on whatever becomes of it: only a restart replaces it. */
    static boolean isLibrary(Bundle bundle) {
        return bundle.getHeaders().get(Constants.EXPORT_PACKAGE) != null;
    }

    static boolean runs(Bundle bundle) {
        return bundle.getState() == Bundle.ACTIVE || bundle.getState() == Bundle.STARTING;
    }

    /** Whether nothing can start it yet, because the node still starts what comes before. */
    boolean waitsForItsLevel(Bundle bundle) {
        return bundle.adapt(BundleStartLevel.class).getStartLevel()
                > context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkStartLevel.class).getStartLevel();
    }

    /** Whether what offers these is what guests run on, and nothing else: two of that can be there at a time. */
    static boolean runsGuests(Set<String> services) {
        return !services.isEmpty() && RUNS_GUESTS.containsAll(services);
    }

    /** Whether all that it offers to the rest of the node is offered by others too. */
    boolean othersOffer(Bundle bundle) {
        Set<String> missing = services(bundle);
        boolean offers = !missing.isEmpty();
        Arrays.stream(context.getBundles()).filter(other -> !other.equals(bundle) && runs(other))
                .forEach(other -> missing.removeAll(services(other)));
        return offers && missing.isEmpty();
    }

    /** What it offers that the rest of the node may hold: names of interfaces, a system process with its id. */
    static Set<String> services(Bundle bundle) {
        Set<String> services = new TreeSet<>();
        registered(bundle).forEach(service -> services.addAll(names(service)));
        return services;
    }

    /**
     * What of that whoever wants it really gets. A component is made only when its service is first asked for; of one that cannot
     * be made the service is there all the same, and nobody gets it. Each call may try to make it anew.
     */
    Set<String> given(Bundle bundle) {
        Set<String> given = new TreeSet<>();
        for (ServiceReference<?> service : registered(bundle)) {
            if (context.getService(service) != null) {
                context.ungetService(service);
                given.addAll(names(service));
            }
        }
        return given;
    }

    private static List<ServiceReference<?>> registered(Bundle bundle) {
        ServiceReference<?>[] registered = bundle.getRegisteredServices();
        return registered == null ? List.of() : Arrays.stream(registered).filter(service -> !names(service).isEmpty()).toList();
    }

    private static List<String> names(ServiceReference<?> service) {
        Object process = service.getProperty(SystemProcess.ID);
        return Arrays.stream((String[]) service.getProperty(Constants.OBJECTCLASS)).filter(name -> name.startsWith("org.ashlar.api."))
                .map(name -> process == null ? name : name + " " + process).toList();
    }
}
