package org.ashlar.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ashlar swap} and the deploy folder of a real node, while the counters of {@code itest/swap} talk. */
class SwapCommandIT {
    private static final int COUNTERS = 8;
    private static final int TALKERS = 4;
    private static final int ROUNDS = Boolean.getBoolean("ashlar.all") ? 2 : 1;
    private static final int USER_ROUNDS = Boolean.getBoolean("ashlar.all") ? 5 : 1;
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    static Path folder;
    private static Ashlar ashlar;

    @BeforeAll
    static void countersTalk() throws Exception {
        ashlar = new Ashlar(folder);
        ashlar.up();
        install("counter", COUNTERS);
        List<String> roles = List.of("pinger 20", "awaiter 20", "holder 20", "pinger 1");
        for (int i = 0; i < COUNTERS; i++) {
            assertEquals("begun", say("counter", i, "begin " + roles.get(i % 4) + " our@c" + (i + 1) % COUNTERS + ":counter:itest"));
        }
    }

    /** Installs a package with counters c0, c1 … */
    private static void install(String name, int counters) throws Exception {
        Path source = folder.resolve(name);
        Files.createDirectories(source.resolve("pkg"));
        Files.writeString(source.resolve("metadata.json"), """
                {"name": "Counter", "properties": {"package_name": "%s", "publisher": "itest", "current_version": "1.0.0",
                 "mirrors": [], "code_hashes": {}}}
                """.formatted(name));
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < counters; i++) {
            entries.add("""
                    {"process_name": "c%d", "process_wasm_path": "/counter.wasm", "on_exit": "Restart", "request_networking": false,
                     "request_capabilities": [], "grant_capabilities": [], "public": true}
                    """.formatted(i));
        }
        Files.writeString(source.resolve("pkg/manifest.json"), entries.toString());
        Files.copy(Ashlar.ROOT.resolve("itest/swap/counter.wasm"), source.resolve("pkg/counter.wasm"));
        ashlar.ok("start", source.toString(), "--yes");
    }

    @AfterAll
    static void stop() throws Exception {
        ashlar.close();
    }

    @Test
    void partsAreReplacedWhileProcessesTalkAndNothingIsLostOrDoubled() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String swapped = ashlar.ok("swap", "engine-endive");
            assertTrue(swapped.contains(COUNTERS + " processes are started again") && swapped.contains("p99"), swapped);
            assertEquals(List.of("endive"), engines());
            for (String part : List.of("timer", "state", "vfs", "store-sqlite", "guest")) {
                String replaced = ashlar.ok("swap", variant(part, part, manifest -> { }).toString());
                assertTrue(replaced.contains("99.0.0 is in use"), replaced);
                ashlar.ok("swap", "--back", part + ".jar");
            }
            ashlar.ok("swap", "--back");
            assertEquals(List.of("chicory"), engines());
        }
        assertNothingLostOrDoubled();
    }

    @Test
    void aSystemProcessThatAUserWroteIsReplacedWhileProcessesTalkToIt() throws Exception {
        Path deployed = ashlar.home().resolve("deploy");
        Path first = TestBundle.built("numbers");
        Files.move(Files.copy(first, folder.resolve("numbers.jar")), deployed.resolve("numbers.jar"), StandardCopyOption.ATOMIC_MOVE);
        awaitNumbers("0.1.0");
        assertEquals("7", ashlar.ok("m", "our@numbers:itest:sys", "7", "-a", "30"));
        install("talkers", TALKERS);
        try {
            talkToNumbersWhileItIsReplaced(first, deployed);
        } finally {
            ashlar.ok("remove", "talkers:itest");
            Files.delete(deployed.resolve("numbers.jar"));
        }
    }

    private static void talkToNumbersWhileItIsReplaced(Path first, Path deployed) throws Exception {
        for (int i = 0; i < TALKERS; i++) {
            assertEquals("begun", say("talkers", i, "begin " + (i % 2 == 0 ? "pinger" : "awaiter") + " 5 our@numbers:itest:sys"));
        }
        for (int round = 0; round < USER_ROUNDS; round++) {
            Path second = TestBundle.variant(first, folder.resolve("second.jar"), manifest -> manifest.putValue("Bundle-Version", "99.0.0"));
            Files.move(second, deployed.resolve("second.jar"), StandardCopyOption.ATOMIC_MOVE);
            awaitNumbers("99.0.0");
            awaitMoreAnswers();
            Files.delete(deployed.resolve("second.jar"));
            awaitNumbers("0.1.0");
            awaitMoreAnswers();
        }
        for (int i = 0; i < TALKERS; i++) {
            say("talkers", i, "stop");
        }
        for (int i = 0; i < TALKERS; i++) {
            Map<String, Long> mine = atRest("talkers", i, 0);
            assertEquals(mine.get("sent"), mine.get("answered"), mine.toString());
            for (String none : List.of("failed", "wrong", "broken")) {
                assertEquals(0, mine.get(none), none + ": " + mine);
            }
        }
    }

    private static void awaitNumbers(String version) throws Exception {
        Ashlar.await("numbers " + version + " is in use", () -> {
            List<String> active = ashlar.ok("bundles").lines()
                    .filter(line -> line.contains("org.ashlar.itest.numbers") && line.contains("active")).toList();
            return active.size() == 1 && active.getFirst().contains(" " + version);
        });
    }

    private static void awaitMoreAnswers() throws Exception {
        for (int i = 0; i < TALKERS; i++) {
            int counter = i;
            long before = report("talkers", i).get("answered");
            Ashlar.await("answers go on", () -> report("talkers", counter).get("answered") > before);
        }
    }

    @Test
    void aPartThatDoesNotStartIsSaidNotToBeInUseAndTheOldOneStays() throws Exception {
        Path broken = variant("timer", "broken", manifest -> manifest.putValue("Import-Package",
                manifest.getValue("Import-Package") + ",com.example.missing"));
        Ashlar.Result result = ashlar.run("swap", broken.toString());
        assertEquals(1, result.status(), result.toString());
        assertTrue(result.err().contains("broken.jar is not in use"), result.err());
        ashlar.ok("swap", "--back", "broken.jar");
        assertEquals("", ashlar.ok("m", "our@timer:distro:sys", "{\"SetTimer\":1}", "-a", "9"));
    }

    /** Parts, each with classes that it needs to work but not to start. */
    private static Map<String, List<String>> lacking() {
        Map<String, List<String>> all = Map.of("timer", List.of("org/ashlar/timer/Timers$Timer"),
                "vfs", List.of("org/ashlar/vfs/Asked"),
                "store-sqlite", List.of("org/ashlar/sqlite/WriteQueue$Commit", "org/ashlar/sqlite/Readers$Query"),
                "guest", List.of("org/ashlar/guest/ComponentProgram"),
                "engine-chicory", List.of("org/ashlar/chicory/Linking"));
        return Boolean.getBoolean("ashlar.all") ? all : Map.of("timer", all.get("timer"));
    }

    @Test
    void aPartThatFailsAtItsFirstCallGivesThePlaceBackAndTheLogSaysSo() throws Exception {
        for (Map.Entry<String, List<String>> each : lacking().entrySet()) {
            String part = each.getKey();
            Path broken = variant(part, part + "-lacking", manifest -> { }, each.getValue().stream().map(name -> name + ".class").collect(Collectors.toSet()));
            ashlar.run("swap", broken.toString()); // whether it is in use for a moment depends on who calls it first
            Ashlar.await(part + " is stopped", () -> {
                assertEquals("", ashlar.ok("m", "our@timer:distro:sys", "{\"SetTimer\":1}", "-a", "30"));
                ashlar.ok("m", "our@vfs:distro:sys", "{\"path\":\"/counter:itest/drive\",\"action\":\"CreateDrive\"}", "-a", "30");
                report("counter", 0);
                return ashlar.ok("log").contains(part + "-lacking.jar) is stopped: it failed at its first call: ");
            });
            ashlar.ok("swap", "--back", part + "-lacking.jar");
        }
    }

    @Test
    void theEngineOfOneProcessCanBeChosen() throws Exception {
        ashlar.ok("engine", "c0:counter:itest", "one-that-is-not-there");
        assertTrue(ashlar.ok("engine", "c0:counter:itest").contains("is to run on one-that-is-not-there"));
        ashlar.ok("engine", "c0:counter:itest", "default");
        ashlar.run("engine", "timer:distro:sys", "chicory").refused(1);
        ashlar.run("engine", "c0:counter:itest", "No Engine").refused(2);
    }

    @Test
    void theTableNamesWhatRestartsAndItsJsonHasTheFieldsThatAreDocumented() throws Exception {
        JsonNode engine = null;
        for (JsonNode each : new ObjectMapper().readTree(ashlar.ok("swap", "--json"))) {
            engine = each.get("service").textValue().equals("WasmEngine") ? each : engine;
        }
        assertEquals(COUNTERS, engine.get("restarts").intValue());
        assertTrue(engine.has("bundle") && engine.has("version"));
        JsonNode endive = engine.get("alternatives").get(0);
        assertTrue(endive.get("bundle").textValue().contains("endive") && endive.has("version"), endive.toString());
        assertFalse(endive.get("active").booleanValue());
        String table = ashlar.ok("swap");
        assertTrue(table.contains("timer:distro:sys") && table.contains("endive"), table);
        ashlar.run("swap", "no-such-part").refused(1);
    }

    private static void assertNothingLostOrDoubled() throws Exception {
        for (int i = 0; i < COUNTERS; i++) {
            say("counter", i, "stop");
        }
        for (int i = 0; i < COUNTERS; i++) {
            atRest("counter", i, hours(i));
        }
        int stopped = 0;
        for (int i = 0; i < COUNTERS; i++) {
            Map<String, Long> mine = report("counter", i);
            String what = "c" + i + " " + mine;
            assertTrue(mine.get("sent") > 0, what);
            if (wasStopped("counter", i)) {
                stopped++;
            } else {
                assertEquals(mine.get("sent"), mine.get("answered"), what);
                assertEquals(mine.get("sent"), report("counter", (i + 1) % COUNTERS).get("taken"), what);
                assertEquals(mine.get("timers") - hours(i), mine.get("fired"), what);
            }
            for (String none : List.of("failed", "wrong", "astray", "broken")) {
                assertEquals(0, mine.get(none), none + ": " + what);
            }
        }
        assertTrue(stopped < COUNTERS / 2, "so many had to be stopped: " + stopped);
    }

    /** What a counter that was told to stop has counted when nothing it sent is under way any more. @param hours timers that go on */
    private static Map<String, Long> atRest(String name, int counter, int hours) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        Map<String, Long> mine = report(name, counter);
        while (!wasStopped(name, counter)
                && (mine.get("sent") > mine.get("answered") || mine.get("timers") - hours > mine.get("fired"))) {
            if (System.nanoTime() >= end) {
                fail("c" + counter + " does not come to rest: " + mine + "\n" + ashlar.ok("log"));
            }
            mine = report(name, counter);
        }
        return mine;
    }

    /** Whether it was in the middle of something for so long, on a busy machine, that it did not move but was stopped: what it was doing is lost. */
    private static boolean wasStopped(String name, int counter) throws Exception {
        return ashlar.ok("log").contains("process c" + counter + ":" + name + ":itest did not give way in time and was stopped");
    }

    private static int hours(int counter) {
        return counter % 4 == 2 ? 1 : 0;
    }

    private static List<String> engines() throws Exception {
        List<String> engines = new ArrayList<>();
        for (JsonNode process : new ObjectMapper().readTree(ashlar.ok("ps", "--json"))) {
            if (process.get("kind").textValue().equals("guest")) {
                engines.add(process.get("runtime").textValue());
            }
        }
        return engines.stream().distinct().toList();
    }

    private static String say(String name, int counter, String text) throws Exception {
        return ashlar.ok("m", "our@c" + counter + ":" + name + ":itest", text, "-a", "30");
    }

    private static Map<String, Long> report(String name, int counter) throws Exception {
        Map<String, Long> counts = new HashMap<>();
        for (String each : say(name, counter, "report").strip().split(" ")) {
            counts.put(each.substring(0, each.indexOf('=')), Long.valueOf(each.substring(each.indexOf('=') + 1)));
        }
        return counts;
    }

    /** The node's own bundle with a later version and another change; a file NAME.jar. */
    private static Path variant(String part, String name, Consumer<Attributes> change) throws IOException {
        return variant(part, name, change, Set.of());
    }

    /** @param without entries that are left out */
    private static Path variant(String part, String name, Consumer<Attributes> change, Set<String> without) throws IOException {
        return TestBundle.variant(TestBundle.ofNode(part), folder.resolve(name + ".jar"), manifest -> {
            manifest.putValue("Bundle-Version", "99.0.0");
            change.accept(manifest);
        }, without);
    }
}
