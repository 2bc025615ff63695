package org.ashlar.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.ashlar.control.Frame;
import org.ashlar.control.Invocation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ControlServerTest {
    private static final Invocation.Screen PERSON = new Invocation.Screen(true, false, true, 80);

    @TempDir
    Path folder;
    private Path socket;
    private ControlServer server;
    private final CountDownLatch watched = new CountDownLatch(1);

    @BeforeEach
    void listen() throws IOException {
        socket = folder.resolve("s");
        server = ControlServer.open(socket, Map.of(
                "echo", (invocation, session) -> session.line(invocation.arguments().getFirst()),
                "refuse", (invocation, session) -> {
                    throw CommandException.failed("no\u001b[2J");
                },
                "break", (invocation, session) -> {
                    throw new IllegalStateException("a fault");
                },
                "consent", (invocation, session) -> session.line(session.ask("sure? ").orElse("nobody there")),
                "watch", (invocation, session) -> {
                    boolean there = session.pause(Duration.ofSeconds(20));
                    if (!there) {
                        watched.countDown();
                    }
                }));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        assertFalse(Files.exists(socket), "the socket is removed");
    }

    @Test
    void onlyTheOwnerMayConnect() throws IOException {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
    }

    @Test
    void aCommandsOutputAndStatusComeBack() throws IOException {
        try (Client client = new Client("echo", List.of("hello"), Invocation.Screen.PLAIN)) {
            assertEquals("hello\n", client.next().text());
            assertEquals(0, client.next().status());
        }
    }

    @Test
    void aRefusalIsOneHarmlessLineAndStatusOne() throws IOException {
        try (Client client = new Client("refuse", List.of(), Invocation.Screen.PLAIN)) {
            Frame error = client.next();
            assertEquals(Frame.Kind.ERR, error.kind());
            assertEquals("ashlar: no␛[2J\n", error.text());
            assertEquals(1, client.next().status());
        }
    }

    @Test
    void aFaultInACommandIsToldAndTheNextCommandIsServed() throws IOException {
        try (Client client = new Client("break", List.of(), Invocation.Screen.PLAIN)) {
            assertEquals("ashlar: a fault\n", client.next().text());
            assertEquals(1, client.next().status());
        }
        aCommandsOutputAndStatusComeBack();
    }

    @Test
    void anUnknownCommandIsWrongUsage() throws IOException {
        try (Client client = new Client("dance", List.of(), Invocation.Screen.PLAIN)) {
            assertTrue(client.next().text().contains("\"dance\""));
            assertEquals(2, client.next().status());
        }
    }

    @Test
    void aPersonIsAskedAndAProgramIsNot() throws IOException {
        try (Client client = new Client("consent", List.of(), PERSON)) {
            assertEquals("sure? ", client.next().text());
            Frame.text(Frame.Kind.ANSWER, " yes ").write(client.out);
            assertEquals("yes\n", client.next().text());
        }
        try (Client client = new Client("consent", List.of(), Invocation.Screen.PLAIN)) {
            assertEquals("nobody there\n", client.next().text());
        }
    }

    @Test
    void aCommandThatWatchesEndsWhenItsClientGoesAway() throws Exception {
        new Client("watch", List.of(), Invocation.Screen.PLAIN).close();
        assertTrue(watched.await(5, TimeUnit.SECONDS));
    }

    @Test
    void moreCommandsThanTheLimitAreRefusedAndThenServedAgain() throws Exception {
        List<Client> clients = new java.util.ArrayList<>();
        for (int i = 0; i < ControlServer.MAX_SESSIONS; i++) {
            clients.add(new Client("watch", List.of(), Invocation.Screen.PLAIN));
        }
        try (Client oneMore = new Client("echo", List.of("x"), Invocation.Screen.PLAIN)) {
            assertTrue(oneMore.next().text().contains("the most that are served"));
            assertEquals(1, oneMore.next().status());
        }
        for (Client client : clients) {
            client.close();
        }
        assertTrue(servedWithin(Duration.ofSeconds(10)));
    }

    @Test
    void garbageEndsTheConnectionAndNothingElse() throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(java.nio.ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes()));
            channel.shutdownOutput();
            DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
            assertEquals(Frame.Kind.ERR, Frame.read(in).orElseThrow().kind());
        }
        aCommandsOutputAndStatusComeBack();
    }

    @Test
    void aSuccessorListensWhereAKilledNodeLeftItsSocket() throws IOException {
        server.close();
        Files.createFile(socket);
        listen();
        aCommandsOutputAndStatusComeBack();
    }

    private boolean servedWithin(Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            try (Client client = new Client("echo", List.of("x"), Invocation.Screen.PLAIN)) {
                if (client.next().kind() == Frame.Kind.OUT) {
                    return true;
                }
            }
            Thread.sleep(50);
        }
        return false;
    }

    private final class Client implements AutoCloseable {
        private final SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        private final DataOutputStream out = new DataOutputStream(Channels.newOutputStream(channel));
        private final DataInputStream in = new DataInputStream(Channels.newInputStream(channel));

        Client(String command, List<String> arguments, Invocation.Screen screen) throws IOException {
            Frame frame = new Invocation(command, Map.of(), arguments, "/", screen).toFrame();
            try {
                frame.write(out);
            } catch (IOException e) {
                return; // refused before it could ask; the reason can still be read
            }
        }

        Frame next() throws IOException {
            return Frame.read(in).orElseThrow();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
