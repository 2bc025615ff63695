package org.ashlar.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes on machines with cables between them: packets are lost and late, cables are pulled, and one hides behind another. */
@Timeout(value = 900, unit = TimeUnit.SECONDS)
class RealNetworkIT {
    private static final String PORT = "10000";
    private static final String START_SECONDS = "110";
    private static final String DELAY_MILLIS = "40";
    private static final int LOST_OF_HUNDRED = 5;
    private static final int ASKED = 200;
    private static final int OUT_SECONDS = 2;

    @TempDir
    Path folder;
    /** In the order in which they are closed. */
    private final List<AutoCloseable> parts = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable part : parts) {
            part.close();
        }
    }

    private Cables lay(String... machines) throws Exception {
        assumeTrue(Boolean.getBoolean("ashlar.all"), "machines and nodes on them: with \"./ashlar test --all\"");
        Cables cables = Cables.lay(machines);
        parts.add(cables);
        return cables;
    }

    /** A node on the machine of its name, with a probe of that name. */
    private Ashlar node(Cables cables, String name, String... options) throws Exception {
        Path own = Files.createDirectories(folder.resolve(name));
        Ashlar node = new Ashlar(own, own.resolve("home"), cables.on(name));
        parts.addFirst(node);
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--wait", START_SECONDS));
        node.up(name + ".os", all.toArray(String[]::new));
        node.startProbes(List.of(name));
        return node;
    }

    private Ashlar listening(Cables cables, String name, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("--listen", cables.address(name), "--port", PORT));
        all.addAll(List.of(options));
        return node(cables, name, all.toArray(String[]::new));
    }

    private static void introduce(Ashlar one, Ashlar other) throws Exception {
        one.ok("peer", "add", other.ok("card").strip());
        other.ok("peer", "add", one.ok("card").strip());
    }

    /** What the probe of {@code from} reports after it has asked that of {@code to} so many times, one after the other. */
    private static String ask(Ashlar node, String from, String to, int times, int seconds) throws Exception {
        String once = "await to=" + to + ".os@" + to + ":probe:itest expects=" + seconds + " body="
                + URLEncoder.encode("!respond body=yes", UTF_8).replace("+", "%20") + ";";
        return node.ok("m", "our@" + from + ":probe:itest", "!clear;" + once.repeat(times) + "report", "-a", "110");
    }

    private static long answered(String report) {
        return report.lines().filter(line -> line.startsWith("awaited source=") && line.contains(" body=yes")).count();
    }

    private static void reaches(Ashlar node, String from, String to) throws Exception {
        String report = ask(node, from, to, 1, 10);
        for (int i = 0; i < 60 && answered(report) != 1; i++) {
            report = ask(node, from, to, 1, 10);
        }
        assertEquals(1, answered(report), report);
    }

    private static long requests(Ashlar node, String name) throws Exception {
        String counted = node.ok("m", "our@" + name + ":probe:itest", "!count;report", "-a", "30");
        return Long.parseLong(counted.replaceAll("(?s).*requests=([0-9]+).*", "$1"));
    }

    private void relay(Cables cables, String to) throws Exception {
        List<String> command = new ArrayList<>(cables.onRouter());
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-cp",
                Path.of(DelayRelay.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString(), DelayRelay.class.getName(),
                cables.before(to), cables.address(to), PORT, DELAY_MILLIS));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        parts.addFirst(() -> {
            process.destroy();
            process.waitFor();
        });
        assertEquals("ready", process.inputReader().readLine());
    }

    @Test
    void threeNodesAnswerEachOtherThroughLossDelayAndAPulledCable() throws Exception {
        Cables cables = lay("anna", "bert", "carol");
        relay(cables, "carol");
        cables.lose(LOST_OF_HUNDRED);
        Ashlar anna = listening(cables, "anna");
        Ashlar bert = listening(cables, "bert");
        // All who connect to carol come by the relay.
        Ashlar carol = listening(cables, "carol", "--host", cables.before("carol"));
        introduce(anna, bert);
        introduce(anna, carol);
        introduce(bert, carol);
        reaches(anna, "anna", "bert");
        reaches(bert, "bert", "carol");
        reaches(carol, "carol", "anna");
        assertTrue(cables.lost() > 0, "packets are lost");

        long before = requests(bert, "bert");
        CompletableFuture<String> asking = CompletableFuture.supplyAsync(() -> {
            try {
                return ask(anna, "anna", "bert", ASKED, 60);
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
        for (int i = 0; i < 6_000 && !asking.isDone() && requests(bert, "bert") < before + 10 + i; i++) {
            Thread.sleep(10);
        }
        cables.cut("bert");
        TimeUnit.SECONDS.sleep(OUT_SECONDS); // it is out for so long
        cables.mend("bert");
        String report = asking.get(120, TimeUnit.SECONDS);
        assertEquals(ASKED, answered(report), report);
        reaches(carol, "carol", "bert");

        cables.cut("carol");
        String lost = ask(bert, "bert", "carol", 1, 3);
        assertTrue(lost.contains("awaited-error kind=timeout") || lost.contains("awaited-error kind=offline"), lost);
        reaches(anna, "anna", "bert");
        cables.mend("carol");
        reaches(bert, "bert", "carol");
    }

    @Test
    void aNodeBehindNatIsReachedThroughItsRouter() throws Exception {
        Cables cables = lay("anna", "ruth", "wall");
        cables.hide("nora", "wall");
        Ashlar ruth = listening(cables, "ruth", "--router-for", "nora.os");
        Ashlar anna = listening(cables, "anna");
        Ashlar nora = node(cables, "nora", "--via", "ruth.os");
        introduce(ruth, nora);
        introduce(ruth, anna);
        introduce(anna, nora);
        List<String> direct = new ArrayList<>(cables.on("anna"));
        direct.addAll(List.of("bash", "-c", "exec 3<> /dev/tcp/" + Cables.HIDDEN + "/" + PORT));
        assertNotEquals(0, Cables.run(direct.toArray(String[]::new)).status(), "nobody gets to nora's machine from outside");
        reaches(anna, "anna", "nora");
        reaches(nora, "nora", "anna");
        cables.cut("wall");
        TimeUnit.SECONDS.sleep(OUT_SECONDS);
        cables.mend("wall");
        reaches(anna, "anna", "nora");
    }
}
