package org.ashlar.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two nodes that know each other's cards, and their processes. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class NetworkIT {
    private static final String ANNA = "one:probe:itest";
    private static final String BERT = "two:probe:itest";

    @TempDir
    Path folder;
    private Ashlar anna;
    private Ashlar bert;

    @BeforeEach
    void start() throws Exception {
        anna = node("anna");
        bert = node("bert");
    }

    private Ashlar node(String name) throws IOException {
        return new Ashlar(Files.createDirectories(folder.resolve(name)));
    }

    /** Starts both with a probe each, and makes them known to each other. */
    private void introduce() throws Exception {
        anna.up("anna.os");
        // Kept for its next start; others may take those of the last run while it is away.
        bert.up("bert.os", "--port", port());
        anna.startProbes(List.of("one"));
        bert.startProbes(List.of("two"));
        assertTrue(anna.ok("peer", "add", bert.ok("card").strip()).startsWith("bert.os is written down"));
        assertTrue(bert.ok("peer", "add", anna.ok("card").strip()).startsWith("anna.os is written down"));
    }

    private static String port() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return String.valueOf(Math.min(socket.getLocalPort(), 65_000));
        }
    }

    @AfterEach
    void stop() throws Exception {
        anna.close();
        bert.close();
    }

    private static String coded(String script) {
        return URLEncoder.encode(script, UTF_8).replace("+", "%20");
    }

    /** What anna's probe has seen after it has asked bert's for an answer. */
    private String exchange(String words) throws Exception {
        return anna.ok("m", "our@" + ANNA, "!clear;await to=bert.os@" + BERT + " expects=20 body="
                + coded("!respond body=" + words) + ";report", "-a", "30");
    }

    private JsonNode peers(Ashlar node) throws Exception {
        return new ObjectMapper().readTree(node.ok("peers", "--json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "ws"})
    void processesOfTwoNodesTalkOverEitherTransport(String protocol) throws Exception {
        introduce();
        if (protocol.equals("ws")) {
            // A node that lists no TCP port is reached by WebSocket.
            anna.ok("down");
            Path peers = anna.home().resolve("identity/peers");
            Files.writeString(peers, Files.readString(peers).replaceAll(" tcp://[^ \n]*", ""));
            anna.up("anna.os");
        }
        assertTrue(exchange("welcome").contains("awaited source=bert.os@" + BERT + " inherit=false body=welcome"));
        assertTrue(peers(anna).get(0).get("over").textValue().startsWith(protocol + "://"), peers(anna).toString());
        String large = anna.ok("m", "our@" + ANNA, "!clear;await to=bert.os@" + BERT + " expects=20 blob-size=300000 mime=a/b body="
                + coded("!respond inherit body=back") + ";get-blob;report", "-a", "30");
        assertTrue(large.contains("blob mime=a/b size=300000"), large.substring(0, Math.min(2_000, large.length())));
        assertEquals("response from bert.os: ack\n", anna.ok("hi", "bert.os", "good morning"));
        assertTrue(bert.ok("log").contains("anna.os: good morning"));
    }

    @Test
    void whatIsSentToANodeThatDiedIsOfflineAndAfterItsRestartThingsGoOn() throws Exception {
        introduce();
        assertTrue(exchange("before").contains("body=before"));
        ProcessHandle process = ProcessHandle.of(bert.pid()).orElseThrow();
        process.destroyForcibly();
        process.onExit().get(20, TimeUnit.SECONDS);
        assertTrue(exchange("lost").contains("awaited-error kind=offline target=bert.os@" + BERT));
        bert.up("bert.os");
        String after = exchange("after");
        for (int i = 0; i < 40 && !after.contains("body=after"); i++) {
            Thread.sleep(500);
            after = exchange("after");
        }
        assertTrue(after.contains("awaited source=bert.os@" + BERT), after);
    }

    @Test
    void nobodyKnowsAStrangerAndABlockedNodeIsOne() throws Exception {
        introduce();
        assertTrue(anna.run("hi", "carol.os", "hello").refused(1).err().contains("carol.os cannot be reached"));
        anna.ok("hi", "bert.os", "hello");
        bert.ok("peer", "block", "anna.os");
        assertTrue(bert.ok("peer", "list").contains("anna.os is blocked"));
        assertEquals(1, anna.run("hi", "bert.os", "hello").status());
        bert.ok("peer", "remove", "anna.os");
        assertEquals("", bert.ok("peer", "list"));
        bert.ok("peer", "add", anna.ok("card").strip());
        Ashlar.Result again = anna.run("hi", "bert.os", "hello");
        for (int i = 0; i < 40 && again.status() != 0; i++) {
            Thread.sleep(500);
            again = anna.run("hi", "bert.os", "hello");
        }
        assertEquals("response from bert.os: ack\n", again.out());
    }

    @Test
    void aCardThatWasChangedOrHasAnotherKeyIsNotTakenSilently() throws Exception {
        introduce();
        String card = bert.ok("card").strip();
        assertTrue(anna.run("peer", "add", card.replace("tcp://127.0.0.1", "tcp://127.0.0.2")).refused(1).err()
                .contains("the signature of this card does not fit"));
        Ashlar other = node("other");
        try {
            other.up("bert.os");
            String theirs = other.ok("card").strip();
            assertTrue(anna.run("peer", "add", theirs).refused(1).err().contains("is known here with another key"));
            anna.ok("peer", "add", theirs, "--replace");
            assertEquals("response from bert.os: ack\n", replies(anna, other));
        } finally {
            other.close();
        }
    }

    private static String replies(Ashlar from, Ashlar to) throws Exception {
        to.ok("peer", "add", from.ok("card").strip());
        return from.ok("hi", "bert.os", "hello");
    }

    @Test
    void aTransportIsReplacedUnderTrafficAndNothingIsLostOrDoubled() throws Exception {
        assumeTrue(Boolean.getBoolean("ashlar.all"), "under traffic only with \"./ashlar test --all\"");
        introduce();
        bert.ok("m", "our@" + BERT, "!quiet;respond", "-a", "9");
        assertTrue(exchange("ready").contains("body=ready"));
        int count = 20_000;
        anna.ok("m", "our@" + ANNA, "!flood to=bert.os@" + BERT + " count=" + count);
        String over = peers(anna).get(0).get("over").textValue();
        Path next = variant("transport-tcp");
        Files.move(next, bert.home().resolve("deploy").resolve("transport-tcp-next.jar"), StandardCopyOption.ATOMIC_MOVE);
        long received = 0;
        for (int i = 0; i < 240 && received < count; i++) {
            Thread.sleep(250);
            received = requests();
        }
        assertEquals(count, received);
        assertTrue(exchange("after").contains("body=after"));
        assertTrue(bert.ok("bundles").contains("99.0.0"), "the successor is there");
        assertFalse(peers(anna).isEmpty(), over);
        assertEquals(count + 1, requests());
    }

    /** How many Requests bert's probe received, those that ask it aside. */
    private long requests() throws Exception {
        String counted = bert.ok("m", "our@" + BERT, "!clear;count;report", "-a", "30");
        String number = counted.lines().filter(line -> line.startsWith("count ")).findFirst().orElseThrow()
                .replaceAll(".*requests=([0-9]+).*", "$1");
        asked++;
        // The first two asked it to be quiet and to be ready.
        return Long.parseLong(number) - asked - 2;
    }

    private int asked;

    /** The module's bundle in a later version. */
    private Path variant(String module) throws IOException {
        Path built;
        try (Stream<Path> files = Files.walk(Ashlar.ROOT.resolve("features/target/node/repository/org/ashlar/" + module))) {
            built = files.filter(file -> file.toString().endsWith(".jar")).findFirst().orElseThrow();
        }
        Path copy = folder.resolve(module + "-next.jar");
        try (JarFile jar = new JarFile(built.toFile())) {
            Manifest manifest = jar.getManifest();
            manifest.getMainAttributes().putValue("Bundle-Version", "99.0.0");
            try (OutputStream out = Files.newOutputStream(copy); JarOutputStream target = new JarOutputStream(out, manifest)) {
                for (JarEntry entry : jar.stream().filter(each -> !each.getName().equals(JarFile.MANIFEST_NAME) && !each.isDirectory()).toList()) {
                    target.putNextEntry(new JarEntry(entry.getName()));
                    try (InputStream in = jar.getInputStream(entry)) {
                        in.transferTo(target);
                    }
                }
            }
        }
        return copy;
    }
}
