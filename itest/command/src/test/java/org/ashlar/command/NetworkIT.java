package org.ashlar.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that know each other's cards, and their processes. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NetworkIT {
    private static final boolean ALL = Boolean.getBoolean("ashlar.all");
    private static final String ANNA = "one:probe:itest";
    private static final String BERT = "two:probe:itest";

    @TempDir
    static Path folder;
    private static Ashlar anna;
    private static Ashlar bert;

    private static Ashlar node(String name) throws IOException {
        return new Ashlar(Files.createDirectories(folder.resolve(name)));
    }

    /** Starts both with a probe each, and makes them known to each other. */
    @BeforeAll
    static void introduce() throws Exception {
        anna = node("anna");
        bert = node("bert");
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

    @AfterAll
    static void stop() throws Exception {
        anna.close();
        bert.close();
    }

    /** What one test did to the session is over when the next begins. */
    @BeforeEach
    void bothReachEachOther() throws Exception {
        awaitReply(anna, "bert.os");
        awaitReply(bert, "anna.os");
    }

    private static void awaitReply(Ashlar from, String to) throws Exception {
        Ashlar.Result reply = from.run("hi", to, "hello");
        for (int i = 0; i < 120 && reply.status() != 0; i++) {
            Thread.sleep(500);
            reply = from.run("hi", to, "hello");
        }
        assertEquals("response from " + to + ": ack\n", reply.out(), reply.err());
    }

    private static String coded(String script) {
        return URLEncoder.encode(script, UTF_8).replace("+", "%20");
    }

    /** What anna's probe has seen after it has asked bert's for an answer. */
    private static String exchange(String words) throws Exception {
        return anna.ok("m", "our@" + ANNA, "!clear;await to=bert.os@" + BERT + " expects=20 body="
                + coded("!respond body=" + words) + ";report", "-a", "30");
    }

    private static JsonNode peers(Ashlar node) throws Exception {
        return new ObjectMapper().readTree(node.ok("peers", "--json"));
    }

    @Test
    @Order(1)
    void processesOfTwoNodesTalkOverTcp() throws Exception {
        talkOver("tcp");
    }

    @Test
    @Order(4) // late: anna is not told bert's TCP port again
    void processesOfTwoNodesTalkOverWebSocketWhereANodeListsNoTcpPort() throws Exception {
        anna.ok("down");
        forgetTcp(anna);
        anna.up("anna.os");
        talkOver("ws");
    }

    private static void talkOver(String protocol) throws Exception {
        assertTrue(exchange("welcome").contains("awaited source=bert.os@" + BERT + " inherit=false body=welcome"));
        assertTrue(peers(anna).get(0).get("over").textValue().startsWith(protocol + "://"), peers(anna).toString());
        String large = anna.ok("m", "our@" + ANNA, "!clear;await to=bert.os@" + BERT + " expects=20 blob-size=300000 mime=a/b body="
                + coded("!respond inherit body=back") + ";get-blob;report", "-a", "30");
        assertTrue(large.contains("blob mime=a/b size=300000"), large.substring(0, Math.min(2_000, large.length())));
        assertEquals("response from bert.os: ack\n", anna.ok("hi", "bert.os", "good morning"));
        assertTrue(bert.ok("log").contains("anna.os: good morning"));
    }

    @Test
    @Order(2)
    void whatIsSentToANodeThatDiedIsOfflineAndAfterItsRestartThingsGoOn() throws Exception {
        assertTrue(exchange("before").contains("body=before"));
        bert.kill();
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
    @Order(2)
    void nobodyKnowsAStrangerAndABlockedNodeIsOne() throws Exception {
        assertTrue(anna.run("hi", "carol.os", "hello").refused(1).err().contains("carol.os cannot be reached"));
        anna.ok("hi", "bert.os", "hello");
        bert.ok("peer", "block", "anna.os");
        assertTrue(bert.ok("peer", "list").contains("anna.os is blocked"));
        assertEquals(1, anna.run("hi", "bert.os", "hello").status());
        bert.ok("peer", "remove", "anna.os");
        assertEquals("", bert.ok("peer", "list"));
        bert.ok("peer", "add", anna.ok("card").strip());
        awaitReply(anna, "bert.os");
    }

    @Test
    @Order(2)
    void aCardThatWasChangedOrHasAnotherKeyIsNotTakenSilently() throws Exception {
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
            anna.ok("peer", "add", card, "--replace");
            bert.ok("peer", "add", anna.ok("card").strip());
        }
    }

    private static String replies(Ashlar from, Ashlar to) throws Exception {
        to.ok("peer", "add", from.ok("card").strip());
        return from.ok("hi", "bert.os", "hello");
    }

    @Test
    @Order(3)
    @Timeout(value = 900, unit = TimeUnit.SECONDS)
    void tcpIsReplacedUnderTrafficAndNothingIsLostDoubledOrOvertaken() throws Exception {
        replacedUnderTraffic("tcp");
    }

    @Test
    @Order(5)
    @Timeout(value = 900, unit = TimeUnit.SECONDS)
    void webSocketIsReplacedUnderTrafficAndNothingIsLostDoubledOrOvertaken() throws Exception {
        assumeTrue(ALL, "over WebSocket only with \"./ashlar test --all\"");
        bert.ok("down");
        forgetTcp(bert);
        bert.up("bert.os");
        awaitReply(anna, "bert.os");
        awaitReply(bert, "anna.os");
        replacedUnderTraffic("ws");
    }

    /** Half a million numbered Requests with all tests; each is answered with its number, by a process that sees whether they come one by one. */
    private static void replacedUnderTraffic(String protocol) throws Exception {
        int count = ALL ? 500_000 : 10_000;
        assertTrue(exchange("ready").contains("body=ready"));
        assertTrue(peers(anna).get(0).get("over").textValue().startsWith(protocol + "://"), peers(anna).toString());
        bert.ok("m", "our@" + BERT, "!serve");
        anna.ok("m", "our@" + ANNA, "!clear;stream to=bert.os@" + BERT + " count=" + count + " window=64 expects=600");
        Path next = variant("transport-" + protocol);
        int replaced = 0;
        do {
            Ashlar node = replaced++ % 2 == 0 ? bert : anna;
            String told = node.ok("swap", next.toString());
            assertTrue(told.contains("99.0.0 is in use"), told);
            node.ok("swap", "--back", next.getFileName().toString());
        } while (!anna.ok("m", "our@" + ANNA, "!report keep", "-a", "600").contains("streamed answered=" + count + " failed=0 wrong=0\n"));
        String served = bert.ok("m", "our@" + BERT, "!clear;served;report", "-a", "30");
        assertTrue(served.contains("served requests=" + count + " astray=0\n"), served);
        assertTrue(!ALL || replaced > 2, "replaced so often: " + replaced);
        assertTrue(exchange("after").contains("body=after"));
    }

    private static void forgetTcp(Ashlar node) throws IOException {
        Path peers = node.home().resolve("identity/peers");
        Files.writeString(peers, Files.readString(peers).replaceAll(" tcp://[^ \n]*", ""));
    }

    /** The module's bundle in a later version. */
    private static Path variant(String module) throws IOException {
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
