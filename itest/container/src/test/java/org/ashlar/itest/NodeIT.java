package org.ashlar.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.itest.hello.HelloActivator;
import org.ashlar.itest.hello.HelloProcess;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.ops4j.pax.tinybundles.TinyBundles;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** The node of the feature file, seen from inside. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class NodeIT {
    private static final String READY = "(osgi.condition.id=org.ashlar.ready)";
    private static final ProcessId HELLO = ProcessId.parse("hello:test:sys");
    private static final ProcessId SELF = ProcessId.parse("itest:test:sys");

    @Inject
    private BundleContext context;
    @Inject
    private Kernel kernel;

    @Configuration
    public Option[] configure() throws Exception {
        Path home = Files.createDirectories(Path.of(System.getProperty("itest.dir"))).toRealPath();
        Path fresh = Files.createTempDirectory(home, "home");
        Files.createDirectories(fresh.resolve("deploy"));
        return new Option[] {
            NodeProvisioning.node(fresh),
            frameworkProperty("itest.services").value(String.join(",",
                    NodeProvisioning.feature().getExtensions().get("required-services").getText())),
            frameworkProperty("itest.hello").value(helloBundle(fresh).toString()),
        };
    }

    private static Path helloBundle(Path folder) throws Exception {
        Path jar = folder.resolve("hello.jar");
        try (InputStream bundle = TinyBundles.bundle().addClass(HelloProcess.class).addClass(HelloActivator.class)
                .setHeader(Constants.BUNDLE_SYMBOLICNAME, "org.ashlar.itest.hello")
                .setHeader(Constants.BUNDLE_ACTIVATOR, HelloActivator.class.getName())
                .setHeader(Constants.IMPORT_PACKAGE,
                        "org.osgi.framework,org.ashlar.api.message,org.ashlar.api.process")
                .build(TinyBundles.rawBuilder())) {
            Files.copy(bundle, jar);
        }
        return jar;
    }

    @Before
    public void theNodeIsReady() throws Exception {
        await("the node is ready", () -> context.getServiceReferences((String) null, READY) != null);
    }

    @Test
    public void everyBundleOfTheFeatureRuns() {
        List<String> idle = Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null)
                .filter(bundle -> bundle.getState() != Bundle.ACTIVE)
                .map(Bundle::getSymbolicName).toList();
        assertEquals(List.of(), idle);
    }

    @Test
    public void everyServiceThatTheFeaturePromisesIsThere() throws Exception {
        for (String service : context.getProperty("itest.services").split(",")) {
            assertNotNull(service, context.getAllServiceReferences(service, null));
        }
    }

    @Test
    public void theKernelSpeaksInTheNameOfThisNode() {
        assertEquals(Address.parse("itest@kernel:distro:sys"), kernel.address());
    }

    @Test
    public void aBundleMovedIntoTheDeployFolderServesUntilItIsMovedOut() throws Exception {
        Path ready = Path.of(context.getProperty("itest.hello"));
        Path deployed = Path.of(context.getProperty("ashlar.home"), "deploy", "hello.jar");
        Path copy = Files.copy(ready, ready.resolveSibling("moving.jar"), StandardCopyOption.REPLACE_EXISTING);

        Files.move(copy, deployed, StandardCopyOption.ATOMIC_MOVE);
        await("the process has an address", this::helloIsThere);
        assertEquals("hello, house", ask("house"));

        Files.move(deployed, copy, StandardCopyOption.ATOMIC_MOVE);
        await("the bundle is uninstalled", () -> Arrays.stream(context.getBundles())
                .noneMatch(bundle -> "org.ashlar.itest.hello".equals(bundle.getSymbolicName())));
        assertNull(service());
    }

    @Test
    public void aSystemProcessOfAnotherBundleAnswersAndItsAddressStaysForItsSuccessor() throws Exception {
        Path jar = Path.of(context.getProperty("itest.hello"));
        Bundle first = context.installBundle("reference:" + jar.toUri());
        first.start();
        await("the process has an address", this::helloIsThere);
        assertEquals("hello, you", ask("you"));
        first.stop();
        var pending = kernel.ask(SELF, new Address(Address.OUR, HELLO), Request.of("again").expecting(10), Optional.empty())
                .toCompletableFuture();
        assertFalse("nobody can have answered", pending.isDone());
        first.start();
        assertEquals("hello, again", new String(pending.get(15, TimeUnit.SECONDS).response().body(), StandardCharsets.UTF_8));
        first.uninstall();
    }

    private boolean helloIsThere() {
        return kernel.processes().stream().anyMatch(process -> process.id().equals(HELLO)
                && process.state() == ProcessStatus.State.RUNNING);
    }

    private ServiceReference<?> service() throws Exception {
        ServiceReference<?>[] found = context.getAllServiceReferences(null, "(ashlar.process=" + HELLO + ")");
        return found == null ? null : found[0];
    }

    private String ask(String body) throws Exception {
        return new String(kernel.ask(SELF, new Address(Address.OUR, HELLO), Request.of(body).expecting(10), Optional.empty())
                .toCompletableFuture().get(15, TimeUnit.SECONDS).response().body(), StandardCharsets.UTF_8);
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.call()) {
            assertTrue(what + " within 30 s", System.nanoTime() < end);
            Thread.sleep(20);
        }
    }
}
