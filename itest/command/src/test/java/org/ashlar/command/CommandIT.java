package org.ashlar.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands, on one node that runs. */
class CommandIT {
    private static final int ANSWER_MILLIS = 300;
    private static final int MOMENTS = 20;
    private static final String PROBE = "our@one:probe:itest";

    @TempDir
    static Path folder;
    private static Ashlar ashlar;

    @BeforeAll
    static void aNodeRunsWithAProbe() throws Exception {
        ashlar = new Ashlar(folder);
        ashlar.up();
        ashlar.startProbes(List.of("one", "mortal"));
    }

    @AfterAll
    static void stop() throws Exception {
        ashlar.close();
    }

    @Test
    void mPrintsTheBodyOfTheResponseAlone() throws Exception {
        assertEquals("just this", ashlar.ok("m", PROBE, "!respond body=just%20this", "-a", "9"));
    }

    @Test
    void mWithoutWaitingIsDeliveredAndPrintsNothing() throws Exception {
        assertEquals("", ashlar.ok("m", PROBE, "!note text=dropped-a-line"));
        assertTrue(ashlar.ok("m", PROBE, "!report keep", "-a", "9").contains("note text=dropped-a-line"));
    }

    @Test
    void mTellsWhyNoAnswerComes() throws Exception {
        assertTrue(ashlar.run("m", "our@nobody:no:itest", "x", "-a", "5").refused(1).err().contains("nobody:no:itest"));
        assertTrue(ashlar.run("m", "our@nobody:no:itest", "x").refused(1).err().contains("nobody:no:itest"));
        ashlar.run("m", PROBE, "silence", "-a", "1").refused(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"m nonsense body", "m our@one:probe:itest", "m our@one:probe:itest x -a soon", "ps --jason",
            "frobnicate", "kill not-an-id", "remove x:y:z", "log a:b", "up --detach --foreground", "up --name Über", "up --wait 0", "up --wait soon"})
    void aWrongUsageIsStatusTwoAndOneLine(String words) throws Exception {
        ashlar.run(words.split(" ")).refused(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"down", "status", "status --json", "ps", "top", "packages", "remove a:b", "m our@a:b:c x", "kill a:b:c",
            "log", "bundles", "services", "start .", "terminal", "ls", "cat /a:b/c/d", "put x /a:b/c/d", "get /a:b/c/d x", "rm /a:b/c/d", "df"})
    void withoutANodeEveryCommandIsStatusThree(String words) throws Exception {
        Ashlar nobody = new Ashlar(folder, folder.resolve("nobody-lives-here"));
        assertTrue(nobody.run(words.split(" ")).refused(3).err().contains("no node runs"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"up", "down", "status", "ps", "top", "start", "packages", "remove", "m", "kill", "log", "engine", "swap", "bundles",
            "services", "test", "bench", "soak", "terminal", "help", "ls", "cat", "put", "get", "rm", "df"})
    void everyCommandHelpsAlsoWithoutANode(String command) throws Exception {
        Ashlar nobody = new Ashlar(folder, folder.resolve("nobody-lives-here"));
        String help = nobody.ok(command, "--help");
        assertTrue(help.contains("usage: ashlar " + command) && help.contains("--home"), help);
    }

    @Test
    void statusHasTheFieldsThatAreDocumented() throws Exception {
        JsonNode status = ashlar.status();
        assertEquals(documented("status"), fields(status));
        assertEquals(ashlar.home().toRealPath().toString(), status.get("home").textValue());
        assertEquals("itest", status.get("address").textValue());
        assertTrue(status.get("ready").booleanValue());
        assertTrue(ProcessHandle.of(status.get("pid").longValue()).isPresent());
    }

    @Test
    void psHasTheFieldsThatAreDocumented() throws Exception {
        JsonNode processes = new ObjectMapper().readTree(ashlar.ok("ps", "--json"));
        Set<String> ids = new HashSet<>();
        for (JsonNode process : processes) {
            assertEquals(documented("ps"), fields(process));
            ids.add(process.get("id").textValue());
        }
        assertTrue(ids.containsAll(Set.of("one:probe:itest", "kernel:distro:sys", "timer:distro:sys", "state:distro:sys",
                "vfs:distro:sys", "packages:distro:sys", "terminal:terminal:sys")), ids.toString());
    }

    /** The names in the first column of the table "`COMMAND --json`" in docs/guide/command.md. */
    private static Set<String> documented(String command) throws Exception {
        Set<String> names = new HashSet<>();
        String guide = Files.readString(Ashlar.ROOT.resolve("docs/guide/command.md"));
        String section = guide.substring(guide.indexOf("### `" + command + " --json`"));
        Matcher row = Pattern.compile("^\\| `([a-z_]+)` \\|", Pattern.MULTILINE)
                .matcher(section.substring(0, section.indexOf("\n#", 5) < 0 ? section.length() : section.indexOf("\n#", 5)));
        while (row.find()) {
            names.add(row.group(1));
        }
        return names;
    }

    private static Set<String> fields(JsonNode object) {
        Set<String> names = new HashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void killEndsAProcessForGood() throws Exception {
        ashlar.ok("kill", "mortal:probe:itest");
        ashlar.run("m", "our@mortal:probe:itest", "x").refused(1);
        ashlar.run("kill", "mortal:probe:itest").refused(1);
        assertTrue(ashlar.run("kill", "timer:distro:sys").refused(1).err().contains("system process"));
    }

    @Test
    void whatAProcessPrintsIsInTheLogAndHarmless() throws Exception {
        ashlar.ok("m", PROBE, "!print level=0 text=look%1B%5B2J%0Aforged;respond", "-a", "9");
        String log = awaitLog("forged");
        assertTrue(log.contains("one:probe:itest: look␛[2J"), log);
        assertTrue(log.lines().anyMatch(line -> line.endsWith("one:probe:itest: forged")), log);
    }

    private static String awaitLog(String text) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        String log = ashlar.ok("log", "one:probe:itest");
        while (!log.contains(text)) {
            assertTrue(System.nanoTime() < end, log);
            log = ashlar.ok("log", "one:probe:itest");
        }
        return log;
    }

    @Test
    void logFollowsUntilItIsEnded() throws Exception {
        Process follower = ashlar.start("log", "-f", "one:probe:itest").start();
        try {
            ashlar.ok("m", PROBE, "!print level=0 text=now%20this;respond", "-a", "9");
            boolean seen = false;
            var reader = follower.inputReader();
            for (String line = reader.readLine(); line != null && !seen; line = reader.readLine()) {
                seen = line.endsWith("now this");
                if (seen) {
                    break;
                }
            }
            assertTrue(seen);
        } finally {
            follower.destroy();
        }
    }

    @Test
    void aPackageIsStartedOnlyWithAYes() throws Exception {
        Path echo = Ashlar.ROOT.resolve("sdk/c/examples/echo");
        Ashlar.Result asked = ashlar.run("start", echo.toString());
        assertEquals(1, asked.status(), asked.err());
        assertTrue(asked.out().contains("may send messages to echo") && asked.err().contains("--yes"), asked.toString());
        ashlar.ok("start", echo.toString(), "--yes");
        assertEquals("Grüße", ashlar.ok("m", "our@echo:echo-c:ashlar.os", "Grüße", "-a", "9"));
        ashlar.ok("remove", "echo-c:ashlar.os");
        ashlar.run("m", "our@echo:echo-c:ashlar.os", "x").refused(1);
    }

    @Test
    void bytesThatAreNoPackageAreRefusedInOneLine() throws Exception {
        Path junk = Files.writeString(folder.resolve("junk.zip"), "this is no zip");
        ashlar.run("start", junk.toString(), "--yes").refused(1);
        ashlar.run("start", folder.resolve("nothing").toString(), "--yes").refused(1);
    }

    @Test
    void aReaderThatGoesAwayIsNoFault() throws Exception {
        ProcessBuilder status = ashlar.start("status").redirectErrorStream(false);
        List<String> piped = new ArrayList<>(List.of("bash", "-c", "\"$@\" | :; echo ${PIPESTATUS[0]}", "bash"));
        piped.addAll(status.command());
        Process shell = status.command(piped).redirectErrorStream(true).start();
        assertTrue(Set.of("141\n", "0\n").contains(new String(shell.getInputStream().readAllBytes())), "silence");
    }

    @Test
    void topPrintsOnceWithoutATerminal() throws Exception {
        assertTrue(ashlar.ok("top").contains("one:probe:itest"));
    }

    /** Beside other tests a moment may be busy; a command that takes longer itself is found in every moment. */
    @Test
    void aCommandAnswersWithinThreeTenthsOfASecond() throws Exception {
        ashlar.ok("status");
        List<Long> medians = new ArrayList<>();
        while (medians.isEmpty() || medians.getLast() >= ANSWER_MILLIS) {
            assertTrue(medians.size() < MOMENTS, "milliseconds of the median of 11 commands, again and again: " + medians);
            medians.add(medianMillis());
        }
    }

    private static long medianMillis() throws Exception {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            millis.add(ashlar.run("m", PROBE, "!respond body=x", "-a", "9").millis());
        }
        millis.sort(null);
        return millis.get(millis.size() / 2);
    }

    @Test
    void theVersionIsTold() throws Exception {
        Process process = new ProcessBuilder(Ashlar.ROOT.resolve("ashlar").toString(), "--version").start();
        assertEquals("ashlar 0.1.0-SNAPSHOT\n", new String(process.getInputStream().readAllBytes()));
    }
}
