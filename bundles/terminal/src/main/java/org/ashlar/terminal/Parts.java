package org.ashlar.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.api.process.SystemProcess;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** What of the node can be replaced: its services, by whom they are offered, and what restarts when that changes. */
final class Parts {
    static final String API = "org.ashlar.api.";
    /** Services that every guest runs on: it is started again when they are replaced. */
    private static final Set<String> GUESTS_RUN_ON = Set.of("GuestRuntime", "WasmEngine");

    private final NodeView node;

    Parts(NodeView node) {
        this.node = node;
    }

    /**
     * One service.
     *
     * @param name         its interface, without the package; a system process its id
     * @param inUse        the bundle that is preferred
     * @param alternatives other bundles that offer it, or would if they were started
     * @param undeployed   what in the distribution would offer it if it were deployed
     * @param restarts     how many processes are started again when it is replaced
     */
    record Part(String name, Bundle inUse, List<Bundle> alternatives, List<BundleFile> undeployed, int restarts) { }

    List<Part> all() {
        Map<String, List<Bundle>> providers = new TreeMap<>();
        for (ServiceReference<?> service : references()) {
            for (String name : names(service).stream().filter(name -> !name.equals("Kernel")).toList()) { // a singleton
                providers.computeIfAbsent(name, each -> new ArrayList<>()).add(service.getBundle());
            }
        }
        List<BundleFile> undeployed = undeployed();
        List<Part> parts = new ArrayList<>();
        providers.forEach((name, bundles) -> {
            List<Bundle> others = new ArrayList<>(bundles.stream().skip(1).distinct().toList());
            bundles.forEach(bundle -> namesakes(bundle).stream().filter(other -> !bundles.contains(other)
                    && !others.contains(other)).forEach(others::add));
            parts.add(new Part(name, bundles.getFirst(), others,
                    undeployed.stream().filter(file -> file.services().contains(name)).toList(),
                    runsGuests(List.of(name)) ? restarting().size() : 0));
        });
        return parts;
    }

    private List<BundleFile> undeployed() {
        Set<String> installed = Arrays.stream(node.context().getBundles()).map(Bundle::getSymbolicName)
                .filter(Objects::nonNull).collect(Collectors.toSet());
        return BundleFile.alternatives(node.context()).stream().filter(file -> !installed.contains(file.symbolicName())).toList();
    }

    /** The services of the API, those first that holders prefer: highest ranking, then the newest. */
    private List<ServiceReference<?>> references() {
        try {
            ServiceReference<?>[] all = node.context().getAllServiceReferences(null, null);
            return Arrays.stream(all == null ? new ServiceReference<?>[0] : all).filter(each -> each.getBundle() != null)
                    .sorted(Comparator.<ServiceReference<?>>comparingInt(each ->
                            each.getProperty(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0)
                            .thenComparingLong(each -> (Long) each.getProperty(Constants.SERVICE_ID)).reversed()).toList();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> names(ServiceReference<?> service) {
        Object process = service.getProperty(SystemProcess.ID);
        return Arrays.stream((String[]) service.getProperty(Constants.OBJECTCLASS)).filter(name -> name.startsWith(API))
                .map(name -> process != null && name.equals(SystemProcess.class.getName()) ? process.toString()
                        : name.substring(name.lastIndexOf('.') + 1)).toList();
    }

    /** What a bundle offers at the moment. */
    Set<String> offered(Bundle bundle) {
        return references().stream().filter(each -> bundle.equals(each.getBundle())).flatMap(each -> names(each).stream())
                .collect(Collectors.toSet());
    }

    /** Other bundles of the same name. */
    List<Bundle> namesakes(Bundle bundle) {
        BundleContext context = node.context();
        return Arrays.stream(context.getBundles()).filter(other -> !other.equals(bundle)
                && bundle.getSymbolicName() != null && bundle.getSymbolicName().equals(other.getSymbolicName())).toList();
    }

    static boolean runsGuests(Collection<String> services) {
        return services.stream().anyMatch(GUESTS_RUN_ON::contains);
    }

    /** The guests that are started again when what guests run on is replaced: those with on-exit None finish. */
    List<ProcessStatus> restarting() {
        return node.processes().stream().filter(each -> each.kind() == ProcessStatus.Kind.GUEST
                && !(each.onExit() instanceof OnExit.None)).toList();
    }

    static String shown(Bundle bundle) {
        return bundle.getSymbolicName() + " " + bundle.getVersion();
    }
}
