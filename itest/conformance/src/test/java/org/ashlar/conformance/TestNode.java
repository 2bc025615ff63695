package org.ashlar.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.PrintSink;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.store.FileStore;
import org.ashlar.codec.KernelCommand;
import org.ashlar.codec.KernelResponse;
import org.ashlar.codec.ProcessEntry;
import org.opentest4j.AssertionFailedError;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.launch.Framework;

/**
 * A whole node in the JVM of the test: the bundles of the feature file in a framework of their own, on a home folder.
 * <p>
 * Life cycle: {@link #start} returns when the node is ready; {@link #restart} stops it and starts another on the same
 * home, with the same testers and printouts; {@link #close} stops it.
 */
final class TestNode implements AutoCloseable {
    static final String NAME = "tester.os";
    /** The package that probes belong to. */
    static final PackageId PACKAGE = PackageId.parse("cases:tester.os");
    private static final String READY = "(osgi.condition.id=org.ashlar.ready)";
    private static final long COMMAND_SECONDS = 30;

    private final Path home;
    private final Printouts printouts = new Printouts();
    private final List<Tester> testers = new ArrayList<>();
    private final AtomicInteger names = new AtomicInteger();
    private final Tester operator;
    private Framework framework;

    private TestNode(Path home) {
        this.home = home;
        this.operator = new Tester(address("operator:cases:tester.os"), this::kernel);
        testers.add(operator);
    }

    static TestNode start(Path home) {
        TestNode node = new TestNode(home);
        try {
            node.boot();
            return node;
        } catch (AssertionError e) {
            node.close();
            throw e;
        }
    }

    private void boot() {
        System.setProperty("ashlar.log", home.resolve("log").toString());
        try {
            Files.createDirectories(home.resolve("deploy"));
            framework = Provision.framework(home, Map.of("ashlar.name", NAME, "ashlar.socket", home.resolve("socket").toString(),
                    "ashlar.version", "test"));
            context().registerService(PrintSink.class, printouts, null);
            testers.forEach(this::register);
            framework.start();
        } catch (IOException | BundleException e) {
            throw new IllegalStateException("the node could not be started", e);
        }
        Patience.until(() -> "the node is ready; bundles that do not run: " + idle(), this::isReady);
    }

    private boolean isReady() {
        try {
            return context().getServiceReferences((String) null, READY) != null;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> idle() {
        List<String> idle = new ArrayList<>();
        for (Bundle bundle : context().getBundles()) {
            if (bundle.getState() != Bundle.ACTIVE) {
                idle.add(bundle.getSymbolicName());
            }
        }
        return idle;
    }

    /** Stops the node and starts it again on the same home. */
    void restart() {
        close();
        boot();
    }

    @Override
    public void close() {
        try {
            framework.stop();
            framework.waitForStop(Patience.LIMIT.toMillis());
        } catch (BundleException e) {
            throw new IllegalStateException("the node could not be stopped", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private BundleContext context() {
        return framework.getBundleContext();
    }

    private <T> T service(Class<T> type) {
        return Optional.ofNullable(context().getServiceReference(type)).map(context()::getService)
                .orElseThrow(() -> new AssertionFailedError("the node offers no " + type.getName()));
    }

    Kernel kernel() {
        return service(Kernel.class);
    }

    Printouts printouts() {
        return printouts;
    }

    /** A new tester, which no other test speaks to. */
    Tester tester() {
        Tester tester = new Tester(address("tester-" + names.incrementAndGet() + ":cases:tester.os"), this::kernel);
        testers.add(tester);
        register(tester);
        return tester;
    }

    private void register(Tester tester) {
        offer(tester.address().process(), tester);
    }

    /** Lets a system process of the test run on this node, public, until the node stops. */
    void offer(ProcessId id, SystemProcess process) {
        Dictionary<String, Object> properties = new Hashtable<>(Map.of(SystemProcess.ID, id.toString(), SystemProcess.PUBLIC, true));
        context().registerService(SystemProcess.class, process, properties);
    }

    /** A probe to be, with a name like {@code role} that no other process has. */
    NewProbe probe(String role) {
        return probe(ProcessId.of(role + "-" + names.incrementAndGet(), PACKAGE));
    }

    NewProbe probe(ProcessId id) {
        return new NewProbe(this, address(id.toString()));
    }

    /** The address of a process on this node. */
    static Address address(String process) {
        return new Address(NAME, ProcessId.parse(process));
    }

    static Address kernelAddress() {
        return address("kernel:distro:sys");
    }

    /** A process on this node that is not there. */
    Address nobody() {
        return address("nobody-" + names.incrementAndGet() + ":cases:tester.os");
    }

    /** Puts a file into the package's drive. @return its path, as guests write it */
    String file(String name, byte[] content) {
        try {
            Path drive = service(FileStore.class).drive(PACKAGE, FileStore.PACKAGE_DRIVE);
            Files.write(drive.resolve(name), content);
            return "/" + PACKAGE + "/" + FileStore.PACKAGE_DRIVE + "/" + name;
        } catch (IOException e) {
            throw new IllegalStateException("the file " + name + " could not be put into the package drive", e);
        }
    }

    /** The home folder. */
    Path home() {
        return home;
    }

    /** Asks the kernel, in the name of the node's operator, and waits for its answer. */
    KernelResponse command(KernelCommand command) {
        return KernelResponse.parse(ask(command.encode(), Optional.empty(), COMMAND_SECONDS).response().response().body());
    }

    KernelResponse command(KernelCommand command, byte[] component) {
        return command(new String(command.encode(), StandardCharsets.UTF_8), Optional.of(component));
    }

    /** @param json what is sent as it is, command or not */
    KernelResponse command(String json, Optional<byte[]> component) {
        return KernelResponse.parse(ask(json.getBytes(StandardCharsets.UTF_8), component, COMMAND_SECONDS).response()
                .response().body());
    }

    /** Sends the kernel a body and does not wait. */
    Pending ask(byte[] body, Optional<byte[]> component, long seconds) {
        return operator.ask(kernelAddress(), Request.of(body).expecting(seconds), component.map(Blob::of));
    }

    KernelResponse kill(Probe probe) {
        return command(new KernelCommand.KillProcess(probe.id()));
    }

    /** What the kernel's table says of a process. */
    Optional<ProcessEntry> entry(ProcessId id) {
        return command(new KernelCommand.DebugProcess(id)) instanceof KernelResponse.Process(var entry) ? entry : Optional.empty();
    }

    /** Whether a process holds a capability; empty when there is no such process. */
    Optional<Boolean> holds(ProcessId id, Capability capability) {
        return command(new KernelCommand.DebugHasCap(id, capability)) instanceof KernelResponse.HasCap(var holds)
                ? holds : Optional.empty();
    }

    Optional<ProcessStatus> status(Probe probe) {
        return kernel().processes().stream().filter(status -> status.id().equals(probe.id())).findFirst();
    }

    /** Waits until a process is no more. */
    void awaitEnd(Probe probe) {
        Patience.until(probe.id() + " is no more", () -> status(probe).isEmpty());
    }
}
