package org.ashlar.deploy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.PrintSink;
import org.ashlar.api.process.Printout;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.api.service.ProviderWatch;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a bundle in the hot-deploy folder take the place of the one of the same name, and gives the place back when it does
 * not work or leaves.
 * <p>
 * Life of a takeover: when the successor starts, its predecessor is stopped first, so that two never have one folder open;
 * the slots of the kernel bridge the gap. What guests run on is another matter (engines, guest runtimes): there the
 * predecessor is stopped when the last guest has moved, for a guest that goes may be the one another waits for. Within
 * {@link #PROBATION} the successor must offer whatever the predecessor offered, and whoever asks for it must get it; else it is
 * stopped. So is one of which whoever calls it says that it failed at its first call. Whenever it stops, for whatever reason, the best of its namesakes is
 * started. A bundle of another name stands beside; it is stopped when it fails at its first call and others offer the same.
 * <p>
 * Events come on any thread, with the framework's lock on the bundle held; bundles are stopped and started outside of
 * events on one thread of our own, except that a predecessor has to be gone before its successor starts.
 */
@Component(service = ProviderWatch.class, immediate = true)
public final class Succession implements SynchronousBundleListener, ProviderWatch {
    /** How long a successor has to offer what its predecessor offered: less than mail waits for it ({@code Providers.GRACE}). */
    static final Duration PROBATION = Duration.ofSeconds(6);
    /** How long a bundle that has come may wait to be started before a person is told why it does not. */
    static final Duration START_PATIENCE = Duration.ofSeconds(2);
    /** How long guests have to move away from a predecessor before it is stopped under them. */
    static final Duration MOVING = Duration.ofSeconds(60);
    private static final long CHECK_MILLIS = 20;
    /** The same for what it offers and nobody gets: each time its component is tried anew. */
    private static final long TRY_MILLIS = 1_000;
    /** How often all processes are looked at meanwhile: there may be very many. */
    private static final long MOVING_CHECK_MILLIS = 200;
    private static final ProcessId SOURCE = ProcessId.parse("deploy:distro:sys");
    private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

    private final BundleContext context;
    private final Deployed deployed;
    @Reference(policyOption = ReferencePolicyOption.GREEDY) // volatile, so dynamic; a list, so 0..n
    private volatile List<PrintSink> sinks = List.of();
    @Reference(policyOption = ReferencePolicyOption.GREEDY)
    private volatile List<Kernel> kernels = List.of();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("deploy").daemon().factory());
    /** By symbolic name, what whoever takes that place has to offer: what was offered when it was last taken. */
    private final Map<String, Set<String>> promised = new ConcurrentHashMap<>();
    /** Ids of the bundles that were stopped because they did not work; forgotten when their file changes or goes. */
    private final Set<Long> refused = ConcurrentHashMap.newKeySet();

    @Activate
    public Succession(BundleContext context) {
        this.context = context;
        this.deployed = new Deployed(context, Path.of(context.getProperty("ashlar.home")).resolve("deploy"));
        context.addBundleListener(this);
    }

    @Deactivate
    void deactivate() {
        context.removeBundleListener(this);
        thread.shutdownNow();
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        Bundle bundle = event.getBundle();
        if (!deployed.contains(bundle) || nodeStops()) {
            return;
        }
        switch (event.getType()) {
            case BundleEvent.INSTALLED, BundleEvent.UPDATED -> {
                refused.remove(bundle.getBundleId());
                later(START_PATIENCE, () -> tellWhyItDoesNotStart(bundle));
            }
            case BundleEvent.STARTING -> takeOver(bundle);
            case BundleEvent.STARTED -> prove(bundle);
            case BundleEvent.STOPPED -> later(Duration.ZERO, () -> giveBack(bundle));
            case BundleEvent.UNINSTALLED -> refused.remove(bundle.getBundleId());
            default -> { }
        }
    }

    private boolean nodeStops() {
        return context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getState() == Bundle.STOPPING;
    }

    /** What two of one name need could be one and the same: the predecessor goes before the successor comes. */
    private void takeOver(Bundle successor) {
        List<Bundle> running = deployed.namesakes(successor).stream().filter(Deployed::runs).toList();
        if (running.isEmpty() || Deployed.isLibrary(successor) || refused.contains(successor.getBundleId())) {
            return;
        }
        Set<String> services = new TreeSet<>();
        running.forEach(each -> services.addAll(Deployed.services(each)));
        promised.put(successor.getSymbolicName(), services);
        if (!Deployed.runsGuests(services)) {
            running.forEach(this::stop);
        }
    }

    private void prove(Bundle successor) {
        Set<String> services = promised.get(successor.getSymbolicName());
        if (refused.contains(successor.getBundleId())) {
            later(Duration.ZERO, () -> stop(successor)); // started again by whoever watches the folder
        } else if (Deployed.isLibrary(successor) && !deployed.namesakes(successor).isEmpty()) {
            tell(deployed.shown(successor) + " is a library and takes nobody's place: put it into the distribution and start"
                    + " the node again");
        } else if (services != null && !deployed.namesakes(successor).isEmpty()) {
            check(successor, services, System.nanoTime() + PROBATION.toNanos());
        }
    }

    private void check(Bundle successor, Set<String> services, long deadline) {
        if (!Deployed.runs(successor)) {
            return; // giveBack has seen to it
        }
        Set<String> missing = new TreeSet<>(services);
        missing.removeAll(Deployed.services(successor));
        boolean offered = missing.isEmpty();
        if (offered) {
            missing.addAll(services);
            missing.removeAll(deployed.given(successor));
        }
        if (missing.isEmpty()) {
            tell(deployed.shown(successor) + " has taken its place");
            deployed.namesakes(successor).stream().filter(Deployed::runs)
                    .forEach(each -> retire(each, successor, false, System.nanoTime() + MOVING.toNanos()));
        } else if (System.nanoTime() < deadline) {
            later(Duration.ofMillis(offered ? TRY_MILLIS : CHECK_MILLIS), () -> check(successor, services, deadline));
        } else {
            refuse(successor, "it does not offer " + String.join(", ", missing) + " within " + PROBATION.toSeconds() + " s");
        }
    }

    /**
     * Stops a predecessor once no guest is left to move, or after all when that takes too long; not when it serves again.
     *
     * @param rested whether none was left when it last looked: at first, whoever moves them may not have seen the successor
     */
    private void retire(Bundle predecessor, Bundle successor, boolean rested, long deadline) {
        boolean moving = kernels.stream().flatMap(kernel -> kernel.processes().stream()).anyMatch(ProcessStatus::moving);
        if (refused.contains(successor.getBundleId()) || !Deployed.runs(successor)) {
            return; // looked at last: the failure of the successor leaves none to move
        }
        if ((moving || !rested) && System.nanoTime() < deadline) {
            later(Duration.ofMillis(MOVING_CHECK_MILLIS), () -> retire(predecessor, successor, !moving, deadline));
        } else {
            stop(predecessor);
        }
    }

    /** One with nobody who could serve instead is left alone: some of what it does may work. */
    @Override
    public boolean failedAtFirstCall(long bundleId, Throwable why) {
        Bundle bundle = context.getBundle(bundleId);
        if (bundle == null || !deployed.contains(bundle) || nodeStops()
                || deployed.namesakes(bundle).stream().noneMatch(this::canServe) && !deployed.othersOffer(bundle)) {
            return false;
        }
        LOG.error("{} failed at its first call", deployed.shown(bundle), why);
        later(Duration.ZERO, () -> refuse(bundle, "it failed at its first call: " + Reasons.of(why)));
        return true;
    }

    private boolean canServe(Bundle bundle) {
        return Deployed.runs(bundle) || isCandidate(bundle);
    }

    private void refuse(Bundle bundle, String why) {
        if (refused.add(bundle.getBundleId())) {
            tell(deployed.shown(bundle) + " is stopped: " + why + serving(bundle));
            stop(bundle);
        }
    }

    private String serving(Bundle instead) {
        return deployed.namesakes(instead).stream().filter(Deployed::runs).findFirst()
                .map(other -> "; " + deployed.shown(other) + " stays").orElse("");
    }

    /** Starts the best of those that can stand in its place, unless one does. */
    private void giveBack(Bundle gone) {
        List<Bundle> namesakes = deployed.namesakes(gone);
        if (nodeStops() || Deployed.runs(gone) || namesakes.stream().anyMatch(Deployed::runs)) {
            return;
        }
        for (Bundle candidate : namesakes) {
            if (isCandidate(candidate) && startInPlace(candidate)) {
                return;
            }
        }
    }

    /** One in the folder that does not resolve has been told of, and is started by the watcher of the folder once it does. */
    private boolean isCandidate(Bundle bundle) {
        return !refused.contains(bundle.getBundleId())
                && (bundle.getState() == Bundle.RESOLVED || !deployed.contains(bundle));
    }

    private boolean startInPlace(Bundle candidate) {
        try {
            candidate.start(Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY);
            tell(deployed.shown(candidate) + " is back in its place");
            return true;
        } catch (BundleException | IllegalStateException e) {
            LOG.error("{} could not be started", deployed.shown(candidate), e);
            tell(deployed.shown(candidate) + " could not be started: " + Reasons.of(e));
            return false;
        }
    }

    private void tellWhyItDoesNotStart(Bundle bundle) {
        if (bundle.getState() != Bundle.INSTALLED && bundle.getState() != Bundle.RESOLVED
                || refused.contains(bundle.getBundleId()) || bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null) {
            return;
        } else if (deployed.waitsForItsLevel(bundle)) { // the node has not come that far
            later(START_PATIENCE, () -> tellWhyItDoesNotStart(bundle));
            return;
        }
        try {
            bundle.start(Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY);
        } catch (BundleException e) {
            tell(deployed.shown(bundle) + " does not start: " + Reasons.of(e) + serving(bundle));
        } catch (IllegalStateException e) {
            LOG.debug("{} was uninstalled meanwhile", bundle, e);
        }
    }

    private void stop(Bundle bundle) {
        try {
            bundle.stop(Bundle.STOP_TRANSIENT);
        } catch (BundleException | IllegalStateException e) {
            LOG.error("{} could not be stopped", deployed.shown(bundle), e);
        }
    }

    private void later(Duration delay, Runnable task) {
        try {
            thread.schedule(() -> {
                try {
                    task.run();
                } catch (RuntimeException | Error e) {
                    LOG.error("a deployment could not be followed", e);
                }
            }, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("what was to be done is of no use any more: this component is being stopped", e);
        }
    }

    private void tell(String text) {
        Printout line = new Printout(Instant.now(), SOURCE, 0, text);
        sinks.forEach(sink -> sink.print(line));
    }
}
