package org.ashlar.itest;

import static org.ashlar.itest.DeployFolder.NEXT;
import static org.ashlar.itest.DeployFolder.await;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.jar.Attributes;
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
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** Bundles of the node are replaced through the deploy folder, and come back when their successors leave or do not work. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SuccessionIT {
    private static final String READY = "(osgi.condition.id=org.ashlar.ready)";
    private static final int FEW = 8;
    private static final ProcessId SELF = ProcessId.parse("itest:test:sys");
    private static final Address TIMER = Address.parse("our@timer:distro:sys");

    @Inject
    private BundleContext context;
    @Inject
    private Kernel kernel;
    private DeployFolder folder;
    private final List<String> printed = new CopyOnWriteArrayList<>();

    @Configuration
    public Option[] configure() throws Exception {
        Path home = Files.createDirectories(Path.of(System.getProperty("itest.dir"))).toRealPath();
        Path fresh = Files.createTempDirectory(home, "home");
        Files.createDirectories(fresh.resolve("deploy"));
        return new Option[] {NodeProvisioning.node(fresh),
            frameworkProperty("itest.counter").value(Path.of(System.getProperty("counter.wasm")).toRealPath().toString())};
    }

    @Before
    public void theNodeIsReady() throws Exception {
        folder = new DeployFolder(context);
        await("the node is ready", () -> context.getServiceReferences((String) null, READY) != null);
        context.registerService(PrintSink.class, line -> printed.add(line.text()), null);
    }

    @After
    public void nothingIsLeftDeployed() throws Exception {
        folder.clear();
    }

    @Test
    public void everyPartThatMayBeReplacedIsReplacedAndComesBackAndNothingKeepsItsClassesAlive() throws Exception {
        Departed departed = new Departed(context);
        for (String part : List.of("timer", "state", "vfs", "kv", "sqlite", "store-sqlite", "engine-chicory", "guest", "packages", "identity",
                "terminal")) {
            folder.deploy(folder.variant(part, manifest -> { }));
            await(part + " is replaced", () -> folder.active(part).equals(List.of(NEXT)));
            await(part + " is said to be", () -> printed.stream().anyMatch(text ->
                    text.startsWith("org.ashlar." + part + " " + NEXT) && text.endsWith("has taken its place")));
            departed.remember(part);
            folder.remove(part);
            await(part + " is back", () -> folder.active(part).size() == 1 && !folder.active(part).contains(NEXT));
        }
        departed.assertCollected();
    }

    @Test
    public void aTimerThatRunsOutlivesBothUpdatesAndFiresOnce() throws Exception {
        CompletableFuture<Answer> timer = ask(TIMER, "{\"SetTimer\":4000}");
        CompletableFuture<Answer> hour = ask(TIMER, "{\"SetTimer\":3600000}");
        folder.deploy(folder.variant("timer", manifest -> { }));
        await("it is replaced", () -> folder.active("timer").equals(List.of(NEXT)));
        assertFalse(timer.isDone());
        folder.remove("timer");
        await("the first one is back", () -> !folder.active("timer").contains(NEXT) && folder.active("timer").size() == 1);
        assertEquals(0, timer.get(20, TimeUnit.SECONDS).response().body().length);
        assertFalse("an hour is not over", hour.isDone());
    }

    @Test
    public void whatWasCommittedBeforeTheStoreIsReplacedIsThereAfterwards() throws Exception {
        byte[] value = "kept".getBytes(StandardCharsets.UTF_8);
        use(StateStore.class, store -> store.commit(List.of(new Change("itest", "key", Optional.of(value)))));
        folder.deploy(folder.variant("store-sqlite", manifest -> { }));
        await("it is replaced", () -> folder.active("store-sqlite").equals(List.of(NEXT)));
        use(StateStore.class, store -> assertArrayEquals(value, store.get("itest", "key").orElseThrow()));
        use(FileStore.class, store -> { });
    }

    @Test
    public void aSuccessorThatLacksAPackageLeavesTheOldOneServing() throws Exception {
        folder.deploy(folder.variant("timer", manifest -> manifest.put(new Attributes.Name(Constants.IMPORT_PACKAGE),
                manifest.getValue(Constants.IMPORT_PACKAGE) + ",com.example.missing")));
        await("a person is told", () -> printed.stream().anyMatch(text ->
                text.contains("does not start: no bundle offers the package com.example.missing") && text.contains("stays")));
        assertEquals(0, ask(TIMER, "{\"SetTimer\":1}").get(10, TimeUnit.SECONDS).response().body().length);
    }

    @Test
    public void aSuccessorWhoseActivatorFailsGivesThePlaceBack() throws Exception {
        folder.deploy(folder.variant("timer", manifest ->
                manifest.put(new Attributes.Name(Constants.BUNDLE_ACTIVATOR), "com.example.NoSuchClass")));
        await("a person is told", () -> printed.stream().anyMatch(text -> text.endsWith("is back in its place")));
        assertEquals(0, ask(TIMER, "{\"SetTimer\":1}").get(15, TimeUnit.SECONDS).response().body().length);
    }

    @Test
    public void aSuccessorThatOffersNothingGivesThePlaceBack() throws Exception {
        CompletableFuture<Answer> timer = ask(TIMER, "{\"SetTimer\":3000}");
        folder.deploy(folder.variant("timer", manifest -> manifest.remove(new Attributes.Name("Service-Component"))));
        await("a person is told", () -> printed.stream().anyMatch(text ->
                text.contains("is stopped: it does not offer org.ashlar.api.process.SystemProcess timer:distro:sys")));
        await("the first one is back", () -> !folder.active("timer").contains(NEXT) && folder.active("timer").size() == 1);
        assertEquals(0, timer.get(20, TimeUnit.SECONDS).response().body().length);
    }

    @Test
    public void aSuccessorWhoseComponentCannotBeMadeGivesThePlaceBackBeforeMailIsGivenUp() throws Exception {
        List<String> before = folder.active("state");
        folder.deploy(folder.variantWithout("state", "org.ashlar.state.StateProcess$Answer")); // looked for when its methods are
        await("it is taken out", () -> {
            kernel.ask(ProcessId.parse("itest:distro:sys"), Address.parse("our@state:distro:sys"),
                    Request.of("{\"GetState\":\"itest:test:sys\"}").expecting(60), Optional.empty()).toCompletableFuture().get(90, TimeUnit.SECONDS);
            return printed.stream().anyMatch(text -> text.contains("is stopped: it does not offer org.ashlar.api.process.SystemProcess"
                    + " state:distro:sys within"));
        });
        await("the first one serves", () -> folder.active("state").equals(before));
    }

    @Test
    public void aSuccessorThatFailsAtItsFirstCallGivesThePlaceBackAndNoMessageIsLost() throws Exception {
        assertGivenBack("timer", "org.ashlar.timer.Timers$Timer");
        assertGivenBack("store-sqlite", "org.ashlar.sqlite.WriteQueue$Commit", "org.ashlar.sqlite.Readers$Query");
        assertGivenBack("guest", "org.ashlar.guest.ComponentProgram");
        assertGivenBack("engine-chicory", "org.ashlar.chicory.ChicoryModule"); // when it compiles
        assertGivenBack("engine-chicory", "org.ashlar.chicory.Linking"); // when a guest is to run
    }

    @Test
    public void whoeverIsTheFirstToCallASuccessorThatFailsIsAnsweredByTheOneThatComesBack() throws Exception {
        assertAnswered("vfs", "{\"path\":\"/itest:test.os/drive\",\"action\":\"CreateDrive\"}", "org.ashlar.vfs.Asked");
    }

    /**
     * @param question to the system process of that part, which is called by nobody else
     * @param lacking  a class that it needs to answer that, but not to start
     */
    private void assertAnswered(String part, String question, String lacking) throws Exception {
        List<String> before = folder.active(part);
        Address process = Address.parse("our@" + part + ":distro:sys");
        printed.clear();
        folder.deploy(folder.variantWithout(part, lacking));
        await("a person is told of " + part, () -> {
            kernel.ask(ProcessId.parse("itest:distro:sys"), process, Request.of(question).expecting(60), Optional.empty())
                    .toCompletableFuture().get(90, TimeUnit.SECONDS);
            return printed.stream().anyMatch(text -> text.startsWith("org.ashlar." + part + " " + NEXT)
                    && text.contains("is stopped: it failed at its first call: java.lang.ClassNotFoundException"));
        });
        await("the first " + part + " serves", () -> folder.active(part).equals(before));
        folder.remove(part);
    }

    /** @param lacking classes that it needs to work, but not to start */
    private void assertGivenBack(String part, String... lacking) throws Exception {
        List<String> before = folder.active(part);
        Counters counters = new Counters(kernel, Files.readAllBytes(Path.of(context.getProperty("itest.counter"))),
                part + "-without-" + lacking[0].substring(lacking[0].lastIndexOf('.') + 1).replace('$', '-').toLowerCase(Locale.ROOT), FEW);
        counters.begin();
        printed.clear();
        folder.deploy(folder.variantWithout(part, lacking));
        await("a person is told of " + part, () -> printed.stream().anyMatch(text -> text.startsWith("org.ashlar." + part + " " + NEXT)
                && text.contains("is stopped: it failed at its first call: java.lang.ClassNotFoundException")));
        await("the first " + part + " serves", () -> folder.active(part).equals(before));
        counters.stop();
        counters.assertNothingLostOrDoubled();
        counters.kill();
        folder.remove(part);
    }

    @Test
    public void aSuccessorWhoseFileIsChangedMustOfferTheSameAsBefore() throws Exception {
        folder.deploy(folder.variant("timer", manifest -> { }));
        await("it is replaced", () -> printed.stream().anyMatch(text -> text.endsWith("has taken its place")));
        folder.deploy(folder.variant("timer", manifest -> manifest.remove(new Attributes.Name("Service-Component"))));
        await("a person is told", () -> printed.stream().anyMatch(text -> text.contains("is stopped: it does not offer")));
        await("the first one is back", () -> !folder.active("timer").contains(NEXT) && folder.active("timer").size() == 1);
        assertEquals(0, ask(TIMER, "{\"SetTimer\":1}").get(10, TimeUnit.SECONDS).response().body().length);
    }

    @Test
    public void aLibraryTakesNobodysPlace() throws Exception {
        folder.deploy(folder.variant("codec", manifest -> { }));
        await("a person is told", () -> printed.stream().anyMatch(text -> text.contains("is a library and takes nobody's place")));
        assertEquals(2, folder.active("codec").size());
    }

    @Test
    public void aSecondKernelDoesNotStart() throws Exception {
        folder.deploy(folder.variant("kernel", manifest -> { }));
        await("a person is told", () -> printed.stream().anyMatch(text -> text.startsWith("org.ashlar.kernel " + NEXT)
                && text.contains("does not start")));
        assertEquals(1, folder.active("kernel").size());
        assertFalse(folder.active("kernel").contains(NEXT));
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
}
