package org.ashlar.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.ashlar.api.identity.Identity;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.GuestRuntime;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.PrintSink;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.service.ProviderWatch;
import org.ashlar.api.service.Providers;
import org.ashlar.api.store.FileStore;
import org.ashlar.api.store.Snapshotable;
import org.ashlar.api.store.StateStore;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.condition.Condition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ties the kernel to the services around it.
 * <p>
 * Life cycle: active as soon as its bundle is, whatever else is there. When an identity has come, the node has a name and
 * the {@link Kernel} is offered; when also a state store, a file store and a guest runtime have come for the first time,
 * the processes of the last run are started and the node is ready: a {@link Condition} with the id {@link #READY}. From
 * then on, whatever departs leaves slots empty until a successor comes; nothing takes the kernel down.
 */
@Component(immediate = true, service = {})
@Capability(namespace = "osgi.service", effective = "active", // registered by hand, so bnd does not see it
        attribute = "objectClass:List<String>=\"org.ashlar.api.process.Kernel,org.ashlar.api.store.Snapshotable\"")
public final class KernelComponent {
    /** Id of the condition that says that the node has started its processes. */
    static final String READY = "org.ashlar.ready";
    private static final Logger LOG = LoggerFactory.getLogger(KernelComponent.class);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(2);
    /** How long services may take to come before a line says which are missing. */
    private static final Duration BOOT_PATIENCE = Duration.ofSeconds(5);
    private static final long TICK_MILLIS = 50;
    private static final int COMMAND_THREADS = 8;
    private static final int WORK_THREADS = 4;

    private final Services services = new Services();
    private final Printer printer = new Printer(NodeClock.SYSTEM);
    private final ExecutorService calls = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("call-", 1).factory());
    private final Optional<Carriers> carriers = Carriers.open(Runtime.getRuntime().availableProcessors());
    private final ExecutorService commands = Machine.pool(COMMAND_THREADS, "kernel-command-");
    private final ExecutorService work = Machine.pool(WORK_THREADS, "kernel-work-");
    /** Guarded by this: system processes that came before the node had a name. */
    private final Map<SystemProcess, Map<String, Object>> early = new LinkedHashMap<>();
    private final List<ServiceRegistration<?>> offered = new ArrayList<>();
    private final BundleContext context;
    private volatile Node node;
    private volatile boolean stopped;
    private boolean booted;

    @Activate
    public KernelComponent(BundleContext context) {
        this.context = context;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addIdentity(Identity identity) {
        synchronized (this) {
            if (node != null || stopped) {
                return;
            }
            Machine machine = new Machine(NodeClock.SYSTEM, new RandomIds(),
                    carriers.<GuestThreads>map(own -> own).orElse(GuestThreads.JDK),
                    carriers.map(own -> own.besideGuests(calls)).orElse(calls), commands, work,
                    NodeHeap.ofThisJvm());
            node = new Node(identity.name(), machine, services, printer, this::stopFramework);
            node.guests().expectBoot();
            early.forEach(this::attach);
            early.clear();
        }
        offer(Kernel.class, node, Map.of());
        offer(Snapshotable.class, new KernelSnapshot(node), Map.of());
        Thread.ofPlatform().name("kernel-clock").daemon().start(this::runClock);
        bootWhenComplete();
    }

    /** The node keeps the name it has. */
    void removeIdentity(Identity identity) { }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addStateStore(StateStore store, Map<String, Object> properties) {
        services.stores().add(store, properties);
        bootWhenComplete();
    }

    void removeStateStore(StateStore store) {
        services.stores().remove(store);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addFileStore(FileStore store, Map<String, Object> properties) {
        services.files().add(store, properties);
        bootWhenComplete();
    }

    void removeFileStore(FileStore store) {
        services.files().remove(store);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addGuestRuntime(GuestRuntime runtime, Map<String, Object> properties) {
        services.runtimes().add(runtime, properties);
        bootWhenComplete();
        if (node != null) {
            node.guests().revive();
            node.guests().migrate();
        }
    }

    /** An engine came or went. */
    void updatedGuestRuntime(GuestRuntime runtime) {
        if (node != null) {
            node.guests().roll(loaded -> loaded.runtime() == runtime && !loaded.program().isThere());
            node.guests().revive();
            node.guests().migrate();
        }
    }

    void removeGuestRuntime(GuestRuntime runtime) {
        long deadline = System.nanoTime() + Providers.DEPARTURE.toNanos();
        Providers.Departure departure = services.runtimes().hide(runtime);
        if (node != null) {
            node.guests().roll(loaded -> loaded.runtime() == runtime);
        }
        departure.await(Duration.ofNanos(deadline - System.nanoTime()));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addSystemProcess(SystemProcess process, Map<String, Object> properties) {
        synchronized (this) {
            if (node == null) {
                early.put(process, properties);
                return;
            }
        }
        attach(process, properties);
    }

    void removeSystemProcess(SystemProcess process, Map<String, Object> properties) {
        synchronized (this) {
            if (early.remove(process) != null || node == null) {
                return;
            }
        }
        idOf(properties).ifPresent(id -> node.depart(id, process));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addPrintSink(PrintSink sink) {
        printer.add(sink);
    }

    void removePrintSink(PrintSink sink) {
        printer.remove(sink);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addProviderWatch(ProviderWatch watch) {
        services.watches().add(watch);
    }

    void removeProviderWatch(ProviderWatch watch) {
        services.watches().remove(watch);
    }

    @Deactivate
    void deactivate() {
        stopped = true;
        List<ServiceRegistration<?>> gone;
        synchronized (this) {
            gone = List.copyOf(offered);
            offered.clear();
        }
        gone.reversed().forEach(ServiceRegistration::unregister);
        if (node != null) {
            node.stop(STOP_PATIENCE);
        }
        carriers.ifPresent(Carriers::close);
        calls.shutdownNow();
        commands.shutdownNow();
        work.shutdownNow();
    }

    private void attach(SystemProcess process, Map<String, Object> properties) {
        idOf(properties).ifPresent(id -> node.arrive(id, process, properties));
    }

    private Optional<ProcessId> idOf(Map<String, Object> properties) {
        try {
            return Optional.of(ProcessId.parse(String.valueOf(properties.get(SystemProcess.ID))));
        } catch (IdentifierException e) {
            LOG.error("a system process was registered without a proper {}: {}", SystemProcess.ID, e.getMessage());
            return Optional.empty();
        }
    }

    private void bootWhenComplete() {
        synchronized (this) {
            if (node == null || !services.missing().isEmpty() || booted || stopped) {
                return;
            }
            booted = true;
        }
        Thread.ofPlatform().name("kernel-boot").daemon().start(this::boot);
    }

    private void boot() {
        try {
            node.guests().boot();
            offer(Condition.class, Condition.INSTANCE, Map.of(Condition.CONDITION_ID, READY));
        } catch (RuntimeException e) {
            node.report("the node could not start its processes; it tries again when the next service comes", e);
            synchronized (this) {
                booted = false;
            }
        }
    }

    private void runClock() {
        long patience = node.clock().nanos() + BOOT_PATIENCE.toNanos();
        while (!stopped) {
            try {
                Thread.sleep(TICK_MILLIS);
                node.tick();
                if (patience < node.clock().nanos()) {
                    patience = Long.MAX_VALUE;
                    tellWhatIsMissing();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                LOG.error("the kernel's clock failed once", e);
            }
        }
    }

    private void tellWhatIsMissing() {
        List<String> missing = services.missing();
        if (!missing.isEmpty()) {
            node.warn("the node waits for " + String.join(" and ", missing) + "; the log says what became of it");
        }
    }

    private <T> void offer(Class<T> type, T service, Map<String, Object> properties) {
        Dictionary<String, Object> dictionary = new Hashtable<>(properties);
        ServiceRegistration<T> registration = context.registerService(type, service, dictionary);
        synchronized (this) {
            if (!stopped) {
                offered.add(registration);
                return;
            }
        }
        registration.unregister();
    }

    private void stopFramework(ProcessId by) {
        LOG.info("{} asked the node to stop", by);
        Thread.ofPlatform().name("kernel-stop").start(() -> {
            try {
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).stop();
            } catch (BundleException e) {
                LOG.error("the framework could not be stopped", e);
            }
        });
    }
}
