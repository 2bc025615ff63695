package org.ashlar.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.ashlar.api.backup.Credential;
import org.ashlar.api.backup.RefusedException;
import org.ashlar.tck.SelfSigned;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers as they may be: what is made of their answers. Each is real, and answers as the test says. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpSiteTest {
    private static final byte[] CONTENT = content();

    @TempDir
    Path folder;
    private final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();

    private static byte[] content() {
        byte[] bytes = new byte[100_000];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private interface Answering {
        void answer(HttpExchange exchange) throws IOException;
    }

    private int server(Answering answering) throws IOException {
        return begin(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), answering);
    }

    private int begin(HttpServer server, Answering answering) {
        server.setExecutor(Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
        server.createContext("/", exchange -> {
            try (exchange) {
                answering.answer(exchange);
            }
        });
        server.start();
        opened.add(() -> server.stop(0));
        return server.getAddress().getPort();
    }

    private HttpSite site(String scheme, int port, Optional<String> certificate) throws IOException {
        HttpPlace place = new HttpPlace(java.net.URI.create(scheme + "://localhost:" + port + "/base/"), Optional.of("alice"), certificate);
        HttpSite site = new HttpSite(place, "a test", new Credential(List.of("sécret")));
        opened.add(site);
        return site;
    }

    private HttpSite site(Answering answering) throws IOException {
        return site("http", server(answering), Optional.empty());
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body, int length) throws IOException {
        exchange.sendResponseHeaders(status, length);
        exchange.getResponseBody().write(body, 0, Math.min(body.length, length));
    }

    private static int ask(HttpSite site) throws IOException {
        return site.ask(site.request("HEAD", "x", BodyPublishers.noBody()), Set.of(404)).status();
    }

    private static byte[] get(HttpSite site, long offset, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(length);
        int read = site.get("x", offset, into, () -> true);
        assertEquals(read, into.position());
        return Arrays.copyOf(into.array(), read);
    }

    @Test
    void theServerIsToldWhoAsksAndAnswersCount() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        HttpSite site = site(exchange -> {
            seen.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.sendResponseHeaders(404, -1);
        });
        assertEquals(404, ask(site));
        assertEquals(List.of("/base/x Basic YWxpY2U6c8OpY3JldA=="), seen);
    }

    @Test
    void anAnswerThatIsNoneIsSaidAndOnlyWhatMayPassIsWorthAnotherTry() throws Exception {
        Map<Integer, String> refused = Map.of(401, "does not accept", 403, "does not permit", 413, "as large as this", 405, "is it a test?", 400, "is it a test?");
        Map<Integer, String> passing = Map.of(429, "trouble", 500, "trouble", 503, "trouble", 507, "no room left");
        for (int status : refused.keySet()) {
            RefusedException why = assertThrows(RefusedException.class, () -> ask(site(exchange -> exchange.sendResponseHeaders(status, -1))));
            assertTrue(why.getMessage().contains(refused.get(status)), why.getMessage());
        }
        for (int status : passing.keySet()) {
            IOException why = assertThrows(IOException.class, () -> ask(site(exchange -> exchange.sendResponseHeaders(status, -1))));
            assertFalse(why instanceof RefusedException);
            assertTrue(why.getMessage().contains(passing.get(status)), why.getMessage());
        }
    }

    @Test
    void aRedirectIsNotFollowedSoThatThePasswordGoesNowhereElse() throws Exception {
        List<String> elsewhere = new CopyOnWriteArrayList<>();
        int other = server(exchange -> {
            elsewhere.add(exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(200, -1);
        });
        for (int status : List.of(301, 302, 303, 307, 308)) {
            RefusedException why = assertThrows(RefusedException.class, () -> ask(site(exchange -> {
                exchange.getResponseHeaders().set("Location", "http://localhost:" + other + "/x");
                exchange.sendResponseHeaders(status, -1);
            })));
            assertTrue(why.getMessage().contains("localhost:" + other), why.getMessage());
        }
        assertEquals(List.of(), elsewhere);
    }

    @Test
    void aRangeIsReadFromAServerThatKnowsRangesAndFromOneThatDoesNot() throws Exception {
        HttpSite knows = site(exchange -> {
            String[] range = exchange.getRequestHeaders().getFirst("Range").replace("bytes=", "").split("-");
            int from = Integer.parseInt(range[0]);
            if (from >= CONTENT.length) {
                exchange.sendResponseHeaders(416, -1);
                return;
            }
            int to = (int) Math.min(Long.parseLong(range[1]), CONTENT.length - 1);
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + to + "/" + CONTENT.length);
            send(exchange, 206, Arrays.copyOfRange(CONTENT, from, to + 1), to + 1 - from);
        });
        HttpSite does = site(exchange -> send(exchange, 200, CONTENT, CONTENT.length));
        for (HttpSite site : List.of(knows, does)) {
            assertArrayEquals(CONTENT, get(site, 0, CONTENT.length));
            assertArrayEquals(CONTENT, get(site, 0, CONTENT.length + 5));
            assertArrayEquals(Arrays.copyOfRange(CONTENT, 10, 20), get(site, 10, 10));
            assertArrayEquals(Arrays.copyOfRange(CONTENT, 99_990, 100_000), get(site, 99_990, 100));
            assertArrayEquals(new byte[0], get(site, 100_000, 10));
        }
        HttpSite nothing = site(exchange -> { // as rclone does behind the end
            exchange.getResponseHeaders().set("Content-Range", "bytes 0--1/0");
            exchange.sendResponseHeaders(206, -1);
        });
        assertArrayEquals(new byte[0], get(nothing, 0, 10));
        ByteBuffer into = ByteBuffer.allocate(10).position(2);
        assertThrows(NoSuchFileException.class, () -> does.get("x", 0, into, () -> false));
        assertEquals(2, into.position());
    }

    @Test
    void aBodyThatIsShorterThanItShouldBeIsAnError() throws Exception {
        List<Answering> short_ = new ArrayList<>();
        short_.add(exchange -> { // breaks off
            exchange.getResponseHeaders().set("Content-Range", "bytes 0-99/100");
            exchange.sendResponseHeaders(206, 100);
            exchange.getResponseBody().write(CONTENT, 0, 50);
            exchange.getResponseBody().flush();
        });
        short_.add(exchange -> { // less than there is
            exchange.getResponseHeaders().set("Content-Range", "bytes 0-49/100");
            send(exchange, 206, CONTENT, 50);
        });
        short_.add(exchange -> { // another part
            exchange.getResponseHeaders().set("Content-Range", "bytes 1-100/200");
            send(exchange, 206, CONTENT, 100);
        });
        short_.add(exchange -> send(exchange, 206, CONTENT, 100)); // does not say which
        short_.add(exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(CONTENT, 0, 50);
            exchange.getResponseBody().flush();
        });
        for (Answering each : short_) {
            HttpSite site = site(each);
            IOException why = assertThrows(IOException.class, () -> get(site, 0, 100));
            assertFalse(why instanceof RefusedException, why.toString());
        }
    }

    @Test
    void aConnectionThatIsCutInTheMiddleOfAPutIsAnErrorThatMayPass() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> {
                while (!listening.isClosed()) {
                    try (Socket socket = listening.accept(); InputStream in = socket.getInputStream()) {
                        in.readNBytes(1000);
                        socket.setSoLinger(true, 0);
                    } catch (IOException e) {
                        // the test is over
                    }
                }
            });
            HttpSite site = site("http", listening.getLocalPort(), Optional.empty());
            IOException why = assertThrows(IOException.class, () -> site.ask(site.request("PUT", "x",
                    HttpSite.body(ByteBuffer.allocate(8 << 20))), Set.of()));
            assertFalse(why instanceof RefusedException, why.toString());
            assertTrue(why.getMessage().contains("broke off during PUT"), why.getMessage());
        }
    }

    @Test
    void aServerThatIsNotThereIsSaidToBeOutOfReach() throws Exception {
        int port;
        try (ServerSocket gone = new ServerSocket(0)) {
            port = gone.getLocalPort();
        }
        IOException why = assertThrows(IOException.class, () -> ask(site("http", port, Optional.empty())));
        assertTrue(why.getMessage().contains("localhost:" + port + " cannot be reached"), why.getMessage());
    }

    @Test
    void closingEndsWhatIsUnderWay() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        HttpSite site = site(exchange -> {
            asked.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
        Thread.ofPlatform().daemon().start(() -> {
            try {
                asked.await();
            } catch (InterruptedException e) {
                return;
            }
            site.close();
        });
        assertThrows(IOException.class, () -> ask(site));
        assertThrows(IOException.class, () -> ask(site), "and whatever comes later");
        never.countDown();
    }

    @Test
    void aServerIsTrustedByItsFingerprintAloneWhenThatIsGiven() throws Exception {
        SelfSigned home = SelfSigned.make(folder);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(home.context()));
        List<String> seen = new CopyOnWriteArrayList<>();
        int port = begin(server, exchange -> {
            seen.add(exchange.getRequestMethod());
            exchange.sendResponseHeaders(200, -1);
        });
        RefusedException unknown = assertThrows(RefusedException.class, () -> ask(site("https", port, Optional.empty())));
        String fingerprint = home.fingerprint();
        assertTrue(unknown.getMessage().contains("--certificate " + fingerprint), unknown.getMessage());
        RefusedException other = assertThrows(RefusedException.class, () -> ask(site("https", port, Optional.of("0".repeat(64)))));
        assertTrue(other.getMessage().contains("another fingerprint, " + fingerprint), other.getMessage());
        assertEquals(List.of(), seen, "nothing was sent to a server that is not trusted");
        assertEquals(200, ask(site("https", port, Optional.of(fingerprint))));
    }
}
