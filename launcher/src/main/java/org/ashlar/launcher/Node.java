package org.ashlar.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * A node in this JVM: the lock on its home and the framework that holds its bundles.
 * <p>
 * Life cycle: {@link #start} takes the lock, lays out the home and starts the framework; {@link #awaitReady} returns when
 * the kernel says that the node is ready; {@link #stop} stops the framework within {@link #STOP_SECONDS} and lets go of
 * the lock. A node that ends by itself ({@code down}) releases {@link #awaitStop}.
 */
final class Node {
    /** Longest that a clean stop takes before the JVM ends without it. What was acknowledged is on disk either way. */
    static final int STOP_SECONDS = 20;
    /** Longest that a node may take until it is ready, unless {@code --wait} says another. */
    static final int READY_SECONDS = 60;
    private static final int PROBLEM_CHECK_MILLIS = 1000;
    private static final String READY = "(osgi.condition.id=org.ashlar.ready)";

    private final Home home;
    private final HomeLock lock;
    private final Path socket;
    private final Framework framework;

    /** What is done when the home is laid out, before anything runs. */
    interface Preparation {
        /** @return what opens the node's key, {@code OfflineKey.unlock} of the bundle {@code identity}; empty when that is not encrypted */
        Optional<byte[]> prepare(Home home) throws LaunchException, IOException;
    }

    private Node(Home home, HomeLock lock, Path socket, Framework framework) {
        this.home = home;
        this.lock = lock;
        this.socket = socket;
        this.framework = framework;
    }

    /**
     * Starts a node, not yet ready.
     *
     * @param name     what the node is called, when its home is made
     * @param network  framework properties about the network
     */
    static Node start(Home wanted, Optional<String> name, Map<String, String> network, Distribution distribution,
                      Map<String, String> environment, Preparation preparation) throws LaunchException, IOException {
        Home home = wanted.createFolder();
        HomeLock lock = HomeLock.take(home);
        try {
            home.prepare();
            Optional<byte[]> fileKey = preparation.prepare(home);
            Path socket = RuntimeFolder.socketFor(home, environment);
            NodeFeature feature = NodeFeature.read(distribution.feature(), distribution.repository(),
                    Map.of("ashlar.home", home.path().toString()));
            System.setProperty("ashlar.log", home.folder("log").toString());
            Framework framework = launch(feature, home, socket, name.or(home::defaultName), network, fileKey);
            return new Node(home, lock, socket, framework);
        } catch (LaunchException | IOException | RuntimeException e) {
            try {
                lock.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private static Framework launch(NodeFeature feature, Home home, Path socket, Optional<String> name,
                                    Map<String, String> network, Optional<byte[]> fileKey) throws LaunchException {
        Map<String, String> properties = new HashMap<>(feature.frameworkProperties());
        properties.putAll(network);
        // The feature file is the truth about what is installed: the framework's own memory of it is thrown away.
        properties.put(Constants.FRAMEWORK_STORAGE, home.folder("cache").resolve("felix").toString());
        properties.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        properties.put("configurator.initial", feature.configurator(home.folder("config")));
        properties.put("ashlar.home", home.path().toString());
        name.ifPresent(given -> properties.put("ashlar.name", given));
        properties.put("ashlar.socket", socket.toString());
        properties.put("ashlar.version", Help.version());
        // What bundles log while the logging library is set up is logged afterwards; that it was is nobody's concern.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        Framework framework = new org.apache.felix.framework.FrameworkFactory().newFramework(properties);
        try {
            framework.init();
            fileKey.ifPresent(key -> framework.getBundleContext().registerService(Supplier.class, (Supplier<byte[]>) key::clone,
                    FrameworkUtil.asDictionary(Map.of("ashlar.secret", "identity"))));
            install(feature, framework.getBundleContext());
            framework.start();
            return framework;
        } catch (BundleException e) {
            throw new LaunchException("the node cannot be started: " + e.getMessage(), e);
        }
    }

    private static void install(NodeFeature feature, BundleContext context) throws BundleException {
        List<Bundle> installed = new ArrayList<>();
        FrameworkStartLevel levels = context.getBundle(0).adapt(FrameworkStartLevel.class);
        int usual = levels.getInitialBundleStartLevel();
        for (NodeFeature.NodeBundle each : feature.bundles()) {
            levels.setInitialBundleStartLevel(each.startLevel()); // set afterwards, it would be written down twice
            installed.add(context.installBundle("reference:" + each.file().toUri()));
        }
        levels.setInitialBundleStartLevel(usual);
        // All at once: as they start, each would be resolved by itself. One that cannot be does not keep the others from it.
        context.getBundle(0).adapt(FrameworkWiring.class).resolveBundles(installed);
        for (Bundle bundle : installed) {
            if ((bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) == 0) {
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            }
        }
    }

    /**
     * Waits until the node is ready.
     *
     * @throws LaunchException when it will not be, naming what is wrong, or is not within {@code seconds}
     */
    void awaitReady(int seconds) throws LaunchException, InterruptedException {
        CountDownLatch ready = new CountDownLatch(1);
        BundleContext context = framework.getBundleContext();
        try {
            context.addServiceListener(event -> {
                if (event.getType() != ServiceEvent.UNREGISTERING) {
                    ready.countDown();
                }
            }, READY);
            if (context.getServiceReferences((String) null, READY) != null) {
                return;
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        int checks = seconds * 1000 / PROBLEM_CHECK_MILLIS;
        for (int i = 0; i < checks; i++) {
            if (ready.await(PROBLEM_CHECK_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
            if (framework.getState() != Bundle.ACTIVE) {
                throw new LaunchException("the node was stopped before it was ready");
            }
            String problems = problems();
            if (!problems.isEmpty()) {
                throw new LaunchException("the node cannot be started: " + problems);
            }
        }
        throw new LaunchException(Up.notReady(home, seconds));
    }

    /**
     * What keeps the node from being ready, on one line; empty when nothing is known. What lies in the hot-deploy folder need not
     * start, nor what has the name of something there: one of those serves, and who sees to that says what does not.
     */
    private String problems() {
        List<String> problems = new ArrayList<>();
        int reached = framework.adapt(FrameworkStartLevel.class).getStartLevel();
        String folder = home.folder("deploy").toFile().toURI().toString();
        Bundle[] bundles = framework.getBundleContext().getBundles();
        Set<String> deployed = Arrays.stream(bundles).filter(bundle -> bundle.getLocation().startsWith(folder))
                .map(Bundle::getSymbolicName).collect(Collectors.toSet());
        for (Bundle bundle : bundles) {
            boolean due = bundle.adapt(BundleStartLevel.class).getStartLevel() < reached;
            if (due && !deployed.contains(bundle.getSymbolicName()) && (bundle.getState() & (Bundle.INSTALLED | Bundle.RESOLVED)) != 0
                    && bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
                problems.add("the bundle " + bundle.getSymbolicName() + " did not start");
            }
        }
        Capture capture = new Capture();
        Optional<Integer> asked = Capture.run(socket, "problems", capture);
        if (asked.isPresent() && asked.get() == 0) {
            capture.text().lines().forEach(problems::add);
        }
        return String.join("; ", problems);
    }

    /** Waits until the framework has stopped, whoever stopped it. */
    void awaitStop() throws InterruptedException {
        framework.waitForStop(0);
    }

    /** Stops the framework; returns whether that was done in time. */
    boolean stop() {
        try {
            framework.stop();
            boolean stopped = framework.waitForStop(TimeUnit.SECONDS.toMillis(STOP_SECONDS)).getType()
                    != org.osgi.framework.FrameworkEvent.WAIT_TIMEDOUT;
            lock.close();
            return stopped;
        } catch (BundleException | IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    Home home() {
        return home;
    }

    Path socket() {
        return socket;
    }
}
