package org.ashlar.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.store.StateStore;
import org.ashlar.api.store.StateStore.Change;
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

/** The bundle of a backup target, {@code itest/slow-target}, is stopped, started and updated while a run writes to it. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class BackupTargetIT {
    private static final String READY = "(osgi.condition.id=org.ashlar.ready)";
    private static final ProcessId TERMINAL = ProcessId.parse("terminal:terminal:sys");
    private static final Address BACKUP = Address.parse("our@backup:distro:sys");

    @Inject
    private BundleContext context;
    @Inject
    private Kernel kernel;
    @Inject
    private StateStore store;

    @Configuration
    public Option[] configure() throws Exception {
        Path home = Files.createDirectories(Path.of(System.getProperty("itest.dir"))).toRealPath();
        Path fresh = Files.createTempDirectory(home, "home");
        return new Option[] {NodeProvisioning.node(fresh),
            frameworkProperty("itest.slow").value(DeployFolder.built("slow.target", "slow-target").toUri().toString())};
    }

    @Before
    public void theNodeIsReady() throws Exception {
        DeployFolder.await("the node is ready", () -> context.getServiceReferences((String) null, READY) != null);
    }

    @Test
    public void aTargetThatStopsOrIsUpdatedInTheMiddleOfARunIsMissedByNobodyAndCatchesUp() throws Exception {
        Path home = Path.of(context.getProperty("ashlar.home"));
        Path one = home.resolveSibling(home.getFileName() + "-one");
        Path slow = home.resolveSibling(home.getFileName() + "-slow");
        String added = ended(ask("{\"Add\":{\"location\":\"" + one + "\",\"name\":\"one\",\"password\":\"secret\"}}"));
        assertTrue(added, added.startsWith("added one"));

        Bundle bundle = context.installBundle(context.getProperty("itest.slow"));
        bundle.start();
        DeployFolder.await("the target appears and is caught up", () -> state().equals("complete"));

        Path held = Files.createFile(slow.resolve("hold-0"));
        JsonObject run = run(slow, "first");
        bundle.stop();
        assertTrue(ended(run).contains("complete on 1 of 1 target"));
        assertEquals("not there", state());
        assertFalse(missing(one, slow).isEmpty());
        Files.delete(held);
        bundle.start();
        DeployFolder.await("what has come back is caught up", () -> state().equals("complete") && missing(one, slow).isEmpty());

        Files.createFile(held);
        run = run(slow, "second");
        bundle.update();
        Files.delete(held);
        assertTrue(ended(run).contains("; complete on "));
        DeployFolder.await("what has been updated is caught up", () -> state().equals("complete") && missing(one, slow).isEmpty());
        bundle.uninstall();
    }

    /** Begins a run with something new, and waits until the target holds it up. */
    private JsonObject run(Path slow, String value) throws Exception {
        Files.deleteIfExists(slow.resolve("reached"));
        store.commit(List.of(new Change("itest", "key", Optional.of(value.getBytes(StandardCharsets.UTF_8)))));
        JsonObject run = ask("{\"Now\":{}}");
        DeployFolder.await("the run is in the middle", () -> Files.exists(slow.resolve("reached")));
        return run;
    }

    private JsonObject ask(String body) throws Exception {
        String answer = new String(kernel.ask(TERMINAL, BACKUP, Request.of(body).expecting(30), Optional.empty())
                .toCompletableFuture().get(60, TimeUnit.SECONDS).response().body(), StandardCharsets.UTF_8);
        try (JsonReader reader = Json.createReader(new StringReader(answer))) {
            return reader.readObject();
        }
    }

    /** What a job says in the end. */
    private String ended(JsonObject begun) throws Exception {
        int id = begun.getJsonObject("Job").getInt("id");
        JsonObject[] job = new JsonObject[1];
        DeployFolder.await("the job ends", () -> {
            job[0] = ask("{\"Job\":{\"id\":" + id + "}}").getJsonObject("Job");
            return job[0].getBoolean("done");
        });
        assertFalse(job[0].toString(), job[0].containsKey("problem"));
        return job[0].getString("text");
    }

    /** What the node says of the target. */
    private String state() throws Exception {
        return ask("{\"Status\":{}}").getJsonObject("Status").getJsonArray("targets").getValuesAs(JsonObject.class).stream()
                .filter(target -> target.getString("name").equals("slow")).map(target -> target.getString("state")).findFirst().orElse("absent");
    }

    private static Set<String> missing(Path one, Path slow) throws IOException {
        Set<String> missing = objects(one);
        missing.removeAll(objects(slow.resolve("target")));
        return missing;
    }

    private static Set<String> objects(Path target) throws IOException {
        try (Stream<Path> files = Files.walk(target)) {
            return files.filter(Files::isRegularFile).map(file -> target.relativize(file).toString())
                    .filter(name -> !name.startsWith("locks") && !name.startsWith("tmp")).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
