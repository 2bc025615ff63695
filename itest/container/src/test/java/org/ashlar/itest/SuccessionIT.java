package org.ashlar.itest;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.inject.Inject;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.PrintSink;
import org.ashlar.api.store.FileStore;
import org.ashlar.api.store.StateStore;
import org.ashlar.api.store.StateStore.Change;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** Bundles of the node are replaced through the deploy folder, and come back when their successors leave or do not work. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SuccessionIT {
    private static final String READY = "(osgi.condition.id=org.ashlar.ready)";
    private static final ProcessId SELF = ProcessId.parse("itest:test:sys");
    private static final Address TIMER = Address.parse("our@timer:distro:sys");
    private static final String NEXT = "99.0.0";

    @Inject
    private BundleContext context;
    @Inject
    private Kernel kernel;
    private final List<String> printed = new CopyOnWriteArrayList<>();

    @Configuration
    public Option[] configure() throws Exception {
        Path home = Files.createDirectories(Path.of(System.getProperty("itest.dir"))).toRealPath();
        Path fresh = Files.createTempDirectory(home, "home");
        Files.createDirectories(fresh.resolve("deploy"));
        return new Option[] {NodeProvisioning.node(fresh)};
    }

    @Before
    public void theNodeIsReady() throws Exception {
        await("the node is ready", () -> context.getServiceReferences((String) null, READY) != null);
        context.registerService(PrintSink.class, line -> printed.add(line.text()), null);
    }

    @After
    public void nothingIsLeftDeployed() throws Exception {
        try (var files = Files.list(folder())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        await("all that was deployed is gone", () -> Arrays.stream(context.getBundles())
                .noneMatch(bundle -> bundle.getLocation().startsWith(folder().toUri().toString().replaceAll("/$", ""))));
    }

    @Test
    public void everyPartThatMayBeReplacedIsReplacedAndComesBack() throws Exception {
        for (String part : List.of("timer", "state", "vfs", "kv", "sqlite", "store-sqlite", "engine-chicory", "guest", "packages", "identity",
                "terminal")) {
            deploy(variant(part, manifest -> { }));
            await(part + " is replaced", () -> active(part).equals(List.of(NEXT)));
            await(part + " is said to be", () -> printed.stream().anyMatch(text ->
                    text.startsWith("org.ashlar." + part + " " + NEXT) && text.endsWith("has taken its place")));
            Files.delete(folder().resolve(part + ".jar"));
            await(part + " is back", () -> active(part).size() == 1 && !active(part).contains(NEXT));
        }
    }

    @Test
    public void aTimerThatRunsOutlivesBothUpdatesAndFiresOnce() throws Exception {
        CompletableFuture<Answer> timer = ask(TIMER, "{\"SetTimer\":4000}");
        CompletableFuture<Answer> hour = ask(TIMER, "{\"SetTimer\":3600000}");
        deploy(variant("timer", manifest -> { }));
        await("it is replaced", () -> active("timer").equals(List.of(NEXT)));
        assertFalse(timer.isDone());
        Files.delete(folder().resolve("timer.jar"));
        await("the first one is back", () -> !active("timer").contains(NEXT) && active("timer").size() == 1);
        assertEquals(0, timer.get(20, TimeUnit.SECONDS).response().body().length);
        assertFalse("an hour is not over", hour.isDone());
    }

    @Test
    public void whatWasCommittedBeforeTheStoreIsReplacedIsThereAfterwards() throws Exception {
        byte[] value = "kept".getBytes(StandardCharsets.UTF_8);
        use(StateStore.class, store -> store.commit(List.of(new Change("itest", "key", Optional.of(value)))));
        deploy(variant("store-sqlite", manifest -> { }));
        await("it is replaced", () -> active("store-sqlite").equals(List.of(NEXT)));
        use(StateStore.class, store -> assertArrayEquals(value, store.get("itest", "key").orElseThrow()));
        use(FileStore.class, store -> { });
    }

    @Test
    public void aSuccessorThatLacksAPackageLeavesTheOldOneServing() throws Exception {
        deploy(variant("timer", manifest -> manifest.put(new Attributes.Name(Constants.IMPORT_PACKAGE),
                manifest.getValue(Constants.IMPORT_PACKAGE) + ",com.example.missing")));
        await("a person is told", () -> printed.stream().anyMatch(text ->
                text.contains("does not start: no bundle offers the package com.example.missing") && text.contains("stays")));
        assertEquals(0, ask(TIMER, "{\"SetTimer\":1}").get(10, TimeUnit.SECONDS).response().body().length);
    }

    @Test
    public void aSuccessorWhoseActivatorFailsGivesThePlaceBack() throws Exception {
        deploy(variant("timer", manifest ->
                manifest.put(new Attributes.Name(Constants.BUNDLE_ACTIVATOR), "com.example.NoSuchClass")));
        await("a person is told", () -> printed.stream().anyMatch(text -> text.endsWith("is back in its place")));
        assertEquals(0, ask(TIMER, "{\"SetTimer\":1}").get(15, TimeUnit.SECONDS).response().body().length);
    }

    @Test
    public void aSuccessorThatOffersNothingGivesThePlaceBack() throws Exception {
        CompletableFuture<Answer> timer = ask(TIMER, "{\"SetTimer\":3000}");
        deploy(variant("timer", manifest -> manifest.remove(new Attributes.Name("Service-Component"))));
        await("a person is told", () -> printed.stream().anyMatch(text ->
                text.contains("is stopped: it does not offer org.ashlar.api.process.SystemProcess timer:distro:sys")));
        await("the first one is back", () -> !active("timer").contains(NEXT) && active("timer").size() == 1);
        assertEquals(0, timer.get(20, TimeUnit.SECONDS).response().body().length);
    }

    @Test
    public void aSuccessorWhoseFileIsChangedMustOfferTheSameAsBefore() throws Exception {
        deploy(variant("timer", manifest -> { }));
        await("it is replaced", () -> printed.stream().anyMatch(text -> text.endsWith("has taken its place")));
        deploy(variant("timer", manifest -> manifest.remove(new Attributes.Name("Service-Component"))));
        await("a person is told", () -> printed.stream().anyMatch(text -> text.contains("is stopped: it does not offer")));
        await("the first one is back", () -> !active("timer").contains(NEXT) && active("timer").size() == 1);
        assertEquals(0, ask(TIMER, "{\"SetTimer\":1}").get(10, TimeUnit.SECONDS).response().body().length);
    }

    @Test
    public void aLibraryTakesNobodysPlace() throws Exception {
        deploy(variant("codec", manifest -> { }));
        await("a person is told", () -> printed.stream().anyMatch(text -> text.contains("is a library and takes nobody's place")));
        assertEquals(2, active("codec").size());
    }

    @Test
    public void aSecondKernelDoesNotStart() throws Exception {
        deploy(variant("kernel", manifest -> { }));
        await("a person is told", () -> printed.stream().anyMatch(text -> text.startsWith("org.ashlar.kernel " + NEXT)
                && text.contains("does not start")));
        assertEquals(1, active("kernel").size());
        assertFalse(active("kernel").contains(NEXT));
    }

    /** The versions of a part of the node that are active. */
    private List<String> active(String part) {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> ("org.ashlar." + part).equals(bundle.getSymbolicName())
                        && bundle.getState() == Bundle.ACTIVE)
                .map(bundle -> bundle.getVersion().toString()).toList();
    }

    private Path folder() {
        return Path.of(context.getProperty("ashlar.home"), "deploy");
    }

    private void deploy(Path jar) throws IOException {
        Files.move(jar, folder().resolve(jar.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The part's own jar with a later version, and with another change of its manifest. */
    private Path variant(String part, Consumer<Attributes> change) throws IOException {
        Bundle own = Arrays.stream(context.getBundles()).filter(bundle -> ("org.ashlar." + part).equals(bundle.getSymbolicName()))
                .findFirst().orElseThrow();
        Path source = Path.of(java.net.URI.create(own.getLocation().replace("reference:", "")));
        Path target = folder().resolveSibling(part + ".jar");
        try (JarFile from = new JarFile(source.toFile())) {
            Manifest manifest = new Manifest(from.getManifest());
            manifest.getMainAttributes().putValue(Constants.BUNDLE_VERSION, NEXT);
            change.accept(manifest.getMainAttributes());
            try (JarOutputStream to = new JarOutputStream(Files.newOutputStream(target), manifest)) {
                for (JarEntry entry : from.stream().filter(each -> !each.getName().equals(JarFile.MANIFEST_NAME)).toList()) {
                    to.putNextEntry(new JarEntry(entry.getName()));
                    from.getInputStream(entry).transferTo(to);
                }
            }
        }
        return target;
    }

    private CompletableFuture<Answer> ask(Address target, String body) {
        return kernel.ask(SELF, target, Request.of(body).expecting(7200), Optional.empty()).toCompletableFuture();
    }

    private <T> void use(Class<T> type, Consumer<T> use) throws Exception {
        await(type + " is there", () -> context.getServiceReference(type) != null);
        ServiceReference<T> reference = context.getServiceReference(type);
        use.accept(context.getService(reference));
        context.ungetService(reference);
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.call()) {
            assertTrue(what + " within 60 s", System.nanoTime() < end);
            Thread.sleep(20);
        }
    }
}
