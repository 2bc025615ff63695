package org.ashlar.itest;

import static org.ashlar.itest.DeployFolder.NEXT;
import static org.ashlar.itest.DeployFolder.await;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.PrintSink;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.api.process.SendFailedException;
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

/** Parts of the node are replaced while its processes talk, and none of them loses a message. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SwapIT {
    private static final String READY = "(osgi.condition.id=org.ashlar.ready)";
    private static final int GUESTS = 200;
    private static final int FEW = 20;
    private static final int ROUNDS = 5;
    private static final int SWAPS = 100;
    /** After so many whatever is loaded once has been loaded. */
    private static final int SETTLED = 20;
    /** A second engine: beside the one of the node, not in its place. */
    private static final String SECOND = "engine-second";

    @Inject
    private BundleContext context;
    @Inject
    private Kernel kernel;
    private DeployFolder folder;
    private final List<String> printed = new CopyOnWriteArrayList<>();
    private Departed departed;

    @Configuration
    public Option[] configure() throws Exception {
        Path home = Files.createDirectories(Path.of(System.getProperty("itest.dir"))).toRealPath();
        Path fresh = Files.createTempDirectory(home, "home");
        Files.createDirectories(fresh.resolve("deploy"));
        return new Option[] {NodeProvisioning.node(fresh),
            frameworkProperty("itest.numbers").value(DeployFolder.built("numbers", "numbers").toString()),
            frameworkProperty("itest.counter").value(Path.of(System.getProperty("counter.wasm")).toRealPath().toString())};
    }

    @Before
    public void theNodeIsReady() throws Exception {
        folder = new DeployFolder(context);
        departed = new Departed(context);
        await("the node is ready", () -> context.getServiceReferences((String) null, READY) != null);
        context.registerService(PrintSink.class, line -> printed.add(line.text()), null);
    }

    @After
    public void nothingIsLeftDeployed() throws Exception {
        folder.clear();
    }

    @Test
    public void twoHundredGuestsTalkWhileTheEngineAndTheTimerAreReplacedFiveTimes() throws Exception {
        Counters counters = counters("engine", GUESTS);
        counters.begin();
        List<Double> there = new ArrayList<>();
        List<Double> back = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            int before = round * 2;
            folder.deploy(folder.alternative("engine-endive"));
            folder.deploy(folder.variant("timer", manifest -> { }));
            await("all run on the other engine", () -> haveMoved(counters, before + 1) && allRunOn(counters, "endive"));
            there.addAll(counters.pauses());
            departed.remember("engine-endive");
            folder.remove("engine-endive");
            folder.remove("timer");
            await("all run on the first engine", () -> haveMoved(counters, before + 2) && allRunOn(counters, "chicory"));
            back.addAll(counters.pauses());
            await("the first timer is back", () -> folder.active("timer").size() == 1 && !folder.active("timer").contains(NEXT));
        }
        counters.stop();
        counters.assertNothingLostOrDoubled();
        show("engine, deployed beside, " + ROUNDS + " times, " + GUESTS + " guests", there);
        show("engine, taken away, " + ROUNDS + " times, " + GUESTS + " guests", back);
        counters.kill();
        departed.assertCollected();
    }

    @Test
    public void guestsTalkWhileEveryOtherPartIsReplacedAndComesBack() throws Exception {
        for (String part : List.of("guest", "timer", "state", "vfs", "store-sqlite")) {
            Counters counters = counters(part, FEW);
            counters.begin();
            folder.deploy(folder.variant(part, manifest -> { }));
            await(part + " is replaced", () -> folder.active(part).contains(NEXT));
            await("it works", () -> talks(counters));
            if (part.equals("guest")) {
                await("all run on the new one", () -> haveMoved(counters, 1));
                show("guest runtime, " + FEW + " guests", counters.pauses());
                await("the first one is stopped", () -> folder.first(part).getState() == Bundle.RESOLVED);
                folder.first(part).start(Bundle.START_TRANSIENT); // it is there, and preferred, before the other one goes
                await("all run on the first one again", () -> haveMoved(counters, 2));
                show("guest runtime, back, " + FEW + " guests", counters.pauses());
            }
            departed.remember(part);
            folder.remove(part);
            await(part + " is back", () -> folder.active(part).size() == 1 && !folder.active(part).contains(NEXT));
            await("it works again", () -> talks(counters));
            counters.stop();
            counters.assertNothingLostOrDoubled();
            counters.kill();
        }
        departed.assertCollected();
    }

    @Test
    public void aHundredSwapsLeaveHeapAndMetaspaceWhereTheyWere() throws Exception {
        assumeTrue("a hundred swaps take a minute: -Dashlar.all=true", Boolean.getBoolean("ashlar.all"));
        Counters counters = counters("hundred", FEW);
        counters.begin();
        int swaps = 0;
        for (; swaps < SETTLED; swaps += swapEach(counters)) { }
        Footprint settled = Footprint.now();
        for (; swaps < SWAPS; swaps += swapEach(counters)) { }
        Footprint last = Footprint.now();
        System.out.println("after " + SETTLED + " swaps " + settled + ", after " + swaps + " " + last);
        counters.stop();
        counters.assertNothingLostOrDoubled();
        counters.kill();
        last.assertHardlyMoreThan(settled);
    }

    /** Replaces parts, one after another, and takes the successors out again. @return how many swaps that were */
    private int swapEach(Counters counters) throws Exception {
        int runs = counters.status().getFirst().restarts();
        folder.deploy(folder.variant("engine-chicory", SECOND, manifest ->
                manifest.putValue(Constants.BUNDLE_SYMBOLICNAME, "org.ashlar." + SECOND)));
        await("all run on the second engine", () -> haveMoved(counters, runs + 1));
        folder.remove(SECOND);
        await("all run on the first engine", () -> haveMoved(counters, runs + 2));
        List<String> others = List.of("timer", "state", "vfs", "store-sqlite");
        for (String part : others) {
            folder.deploy(folder.variant(part, manifest -> { }));
            await(part + " is replaced", () -> folder.active(part).equals(List.of(NEXT)));
            folder.remove(part);
            await(part + " is back", () -> folder.active(part).size() == 1 && !folder.active(part).contains(NEXT));
            talks(counters);
        }
        return 2 + 2 * others.size();
    }

    /** Whoever rebuilds a part may forget to give it another version. */
    @Test
    public void aSuccessorOfTheSameVersionTakesThePlaceAndGivesItBack() throws Exception {
        Counters counters = counters("same", FEW);
        counters.begin();
        Bundle first = folder.first("timer");
        folder.deploy(folder.variant("timer", "same", manifest -> manifest.putValue(Constants.BUNDLE_VERSION, first.getVersion().toString())));
        await("the first one is stopped", () -> first.getState() == Bundle.RESOLVED && folder.active("timer").size() == 1);
        await("it works", () -> talks(counters));
        folder.remove("same");
        await("the first one is back", () -> first.getState() == Bundle.ACTIVE);
        await("it works again", () -> talks(counters));
        counters.stop();
        counters.assertNothingLostOrDoubled();
        counters.kill();
    }

    @Test
    public void guestsTalkToASystemProcessOfAUsersWhileItIsReplacedFiveTimes() throws Exception {
        String part = "itest.numbers";
        folder.deploy(Files.copy(Path.of(context.getProperty("itest.numbers")), folder.folder().resolveSibling("numbers.jar")));
        await("the first one runs", () -> folder.active(part).size() == 1);
        Counters counters = counters("numbers", FEW).talkingTo(ProcessId.parse("numbers:itest:sys"));
        counters.begin();
        for (int round = 0; round < ROUNDS; round++) {
            folder.deploy(folder.variant(part, "second", manifest -> { }));
            await("the second one runs", () -> folder.active(part).equals(List.of(NEXT)));
            await("it works", () -> talks(counters));
            departed.remember(part);
            folder.remove("second");
            await("the first one runs again", () -> folder.active(part).size() == 1 && !folder.active(part).contains(NEXT));
            await("it works again", () -> talks(counters));
        }
        counters.stop();
        counters.assertNothingLostOrDoubled();
        counters.kill();
        departed.assertCollected();
    }

    @Test
    public void aGuestThatDoesNotGiveWayIsStartedAgainElsewhereAndWhatItHadTakenEndsAsOneSendError() throws Exception {
        folder.deploy(folder.variant("engine-chicory", SECOND, manifest ->
                manifest.putValue(Constants.BUNDLE_SYMBOLICNAME, "org.ashlar." + SECOND)));
        await("the second engine is there", () -> folder.active(SECOND).equals(List.of(NEXT)));
        Counters counters = counters("stubborn", 3);
        CompletableFuture<Answer> spins = counters.say(counters.id(0), "spin");
        CompletableFuture<Answer> awaits = counters.say(counters.id(1), "await 3600000");
        await("they are at it", () -> counters.status().get(0).unanswered() == 1 && counters.status().get(1).unanswered() == 1);
        folder.remove(SECOND);
        for (CompletableFuture<Answer> each : List.of(spins, awaits)) {
            ExecutionException failure = assertThrows(ExecutionException.class, () -> each.get(30, TimeUnit.SECONDS));
            assertTrue(failure.toString(), failure.getCause() instanceof SendFailedException);
        }
        await("a person is told", () -> List.of(0, 1).stream().allMatch(index -> printed.stream().anyMatch(text ->
                text.equals("process " + counters.id(index) + " did not give way in time and was stopped"))));
        await("they run again", () -> haveBegunAnew(counters));
        for (int index = 0; index < 3; index++) {
            counters.say(counters.id(index), "report").get(30, TimeUnit.SECONDS);
        }
        counters.kill();
    }

    private static boolean haveBegunAnew(Counters counters) {
        return counters.status().stream().allMatch(status -> status.restarts() == 1
                && status.state() == ProcessStatus.State.RUNNING);
    }

    /** Whether each of them is answered at this moment. */
    private static boolean talks(Counters counters) throws Exception {
        List<Long> before = counters.status().stream().map(ProcessStatus::received).toList();
        await("each receives", () -> {
            List<Long> now = counters.status().stream().map(ProcessStatus::received).toList();
            for (int i = 0; i < before.size(); i++) {
                if (now.get(i) < before.get(i) + 2) {
                    return false;
                }
            }
            return true;
        });
        return true;
    }

    private Counters counters(String name, int count) throws Exception {
        return new Counters(kernel, Files.readAllBytes(Path.of(context.getProperty("itest.counter"))), name, count);
    }

    private static boolean allRunOn(Counters counters, String engine) {
        return counters.status().stream().allMatch(status -> status.runtime().equals(Optional.of(engine)));
    }

    /** Whether each has been started again that often, and runs. */
    private static boolean haveMoved(Counters counters, int restarts) {
        return counters.status().stream().allMatch(status -> status.restarts() >= restarts
                && status.state() == ProcessStatus.State.RUNNING && status.lastPause().isPresent());
    }

    private static void show(String what, List<Double> pauses) {
        List<Double> sorted = pauses.stream().sorted().toList();
        assertTrue("pauses of " + what, !sorted.isEmpty());
        System.out.printf(Locale.ROOT, "swap of %s: %d pauses, p50 %.2f ms, p99 %.2f ms, longest %.2f ms%n", what, sorted.size(),
                sorted.get(sorted.size() / 2), sorted.get(sorted.size() * 99 / 100), sorted.getLast());
    }
}
