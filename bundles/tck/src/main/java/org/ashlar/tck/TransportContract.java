package org.ashlar.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ashlar.api.net.Link;
import org.ashlar.api.net.Transport;
import org.ashlar.api.net.Transport.Listener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every provider of {@link Transport} must keep. */
@Timeout(60)
public abstract class TransportContract {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final byte[] HELLO = {1, 2, 3};

    private final BlockingQueue<Link> accepted = new LinkedBlockingQueue<>();

    /** The transport under test: the same one at every call within a test. */
    protected abstract Transport transport();

    /** Stops it as its bundle does. Called after each test, perhaps a second time. */
    protected abstract void stop();

    private Listener listener() throws IOException {
        return transport().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), accepted::add);
    }

    /** Two ends of a link over which something has gone. */
    private record Pair(Link left, Link right) { }

    private Pair pair(Listener listener) throws Exception {
        Link left = transport().connect(listener.address(), PATIENCE);
        Link right = accepted.poll(10, TimeUnit.SECONDS);
        // What a transport has to say by itself is said while both receive or send.
        CompletableFuture<byte[]> got = async(() -> right.receive().orElseThrow());
        left.send(List.of(HELLO));
        assertArrayEquals(HELLO, got.get(10, TimeUnit.SECONDS));
        return new Pair(left, right);
    }

    private interface Work<T> {
        T run() throws Exception;
    }

    private static <T> CompletableFuture<T> async(Work<T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                done.complete(work.run());
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    private static byte[] take(Link link, int bytes) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (all.size() < bytes) {
            all.writeBytes(link.receive().orElseThrow());
        }
        return all.toByteArray();
    }

    @Test
    void itsProtocolIsAWord() {
        assertTrue(transport().protocol().matches("[a-z0-9]{1,16}"), transport().protocol());
    }

    @Test
    void whatIsSentArrivesInOrderAndBothWays() throws Exception {
        try (Listener listener = listener()) {
            Pair pair = pair(listener);
            for (Pair way : List.of(pair, new Pair(pair.right(), pair.left()))) {
                Random random = new Random(5);
                List<byte[]> pieces = new ArrayList<>();
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                for (int length : new int[] {1, 2, 125, 126, 127, 1_024, 4_096, 65_534, Link.MAX_PIECE, 7, Link.MAX_PIECE}) {
                    byte[] piece = new byte[length];
                    random.nextBytes(piece);
                    pieces.add(piece);
                    all.writeBytes(piece);
                }
                CompletableFuture<Void> sent = async(() -> {
                    way.left().send(pieces.subList(0, 4));
                    way.left().send(pieces.subList(4, pieces.size()));
                    return null;
                });
                if (transport().keepsPieces()) {
                    for (byte[] piece : pieces) {
                        assertArrayEquals(piece, way.right().receive().orElseThrow());
                    }
                } else {
                    assertArrayEquals(all.toByteArray(), take(way.right(), all.size()));
                }
                sent.get(10, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void keepingItAliveIsNotReceived() throws Exception {
        try (Listener listener = listener()) {
            Pair pair = pair(listener);
            CompletableFuture<byte[]> got = async(() -> pair.right().receive().orElseThrow());
            CompletableFuture<byte[]> other = async(() -> pair.left().receive().orElseThrow());
            pair.left().keepAlive();
            pair.right().keepAlive();
            pair.left().send(List.of(HELLO));
            pair.right().send(List.of(HELLO));
            assertArrayEquals(HELLO, got.get(10, TimeUnit.SECONDS));
            assertArrayEquals(HELLO, other.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void anEndIsSeenByTheOtherSide() throws Exception {
        try (Listener listener = listener()) {
            Pair pair = pair(listener);
            pair.left().close();
            pair.left().close();
            assertTrue(ended(pair.right()));
        }
    }

    /** Whether nothing more comes: said either way. */
    private static boolean ended(Link link) {
        try {
            return link.receive().isEmpty();
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void whatWasSentBeforeItIsFinishedArrivesAndTheOtherSideMayGoOn() throws Exception {
        try (Listener listener = listener()) {
            Pair pair = pair(listener);
            byte[] piece = new byte[50_000];
            CompletableFuture<Void> sent = async(() -> {
                pair.left().send(List.of(piece, piece));
                pair.left().finish();
                return null;
            });
            take(pair.right(), 100_000);
            assertTrue(ended(pair.right()));
            sent.get(10, TimeUnit.SECONDS);
            CompletableFuture<byte[]> back = async(() -> pair.left().receive().orElseThrow());
            pair.right().send(List.of(HELLO));
            assertArrayEquals(HELLO, back.get(10, TimeUnit.SECONDS));
            pair.right().close();
            assertTrue(ended(pair.left()));
        }
    }

    @Test
    void closingWakesWhoReceives() throws Exception {
        try (Listener listener = listener()) {
            Pair pair = pair(listener);
            CompletableFuture<Boolean> ended = async(() -> ended(pair.left()));
            pair.left().close();
            assertTrue(ended.get(10, TimeUnit.SECONDS));
            assertThrows(IOException.class, () -> pair.left().send(List.of(HELLO)));
        }
    }

    @Test
    void whoDoesNotReceiveSlowsTheSenderAndNothingIsLost() throws Exception {
        try (Listener listener = listener()) {
            Pair pair = pair(listener);
            byte[] piece = new byte[60_000];
            int pieces = 2_000;
            CompletableFuture<Integer> sending = async(() -> {
                for (int i = 0; i < pieces; i++) {
                    pair.left().send(List.of(piece));
                }
                return pieces;
            });
            assertThrows(TimeoutException.class, () -> sending.get(500, TimeUnit.MILLISECONDS));
            take(pair.right(), pieces * piece.length);
            assertEquals(pieces, sending.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void closingWakesWhoSends() throws Exception {
        try (Listener listener = listener()) {
            Pair pair = pair(listener);
            CompletableFuture<Void> sending = async(() -> {
                while (true) {
                    pair.left().send(List.of(new byte[60_000]));
                }
            });
            assertThrows(TimeoutException.class, () -> sending.get(300, TimeUnit.MILLISECONDS));
            pair.left().close();
            assertThrows(ExecutionException.class, () -> sending.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void whereNobodyIsAConnectionFails() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        IOException failed = assertThrows(IOException.class, () -> transport().connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), free), PATIENCE));
        assertTrue(failed.getMessage().contains(String.valueOf(free)), failed.getMessage());
    }

    @Test
    void aPortIsHadOnce() throws Exception {
        try (Listener listener = listener()) {
            assertTrue(listener.address().getPort() > 0);
            assertThrows(IOException.class, () -> transport().listen(listener.address(), accepted::add));
        }
    }

    @Test
    void aStrangerWhoSaysNothingKeepsNobodyWaiting() throws Exception {
        try (Listener listener = listener(); Socket silent = new Socket()) {
            silent.connect(listener.address());
            Link theirs = accepted.poll(10, TimeUnit.SECONDS);
            CompletableFuture<Optional<byte[]>> waiting = async(theirs::receive);
            pair(listener);
            assertFalse(waiting.isDone());
            theirs.close();
        }
    }

    @Test
    void aListenerThatIsClosedTakesNoMoreLinksAndLeavesThoseThatAre() throws Exception {
        Listener listener = listener();
        Pair pair = pair(listener);
        listener.close();
        assertThrows(IOException.class, () -> transport().connect(listener.address(), PATIENCE));
        pair.right().send(List.of(HELLO));
        assertArrayEquals(HELLO, pair.left().receive().orElseThrow());
    }

    @Test
    void aTransportThatStopsEndsItsLinks() throws Exception {
        Listener listener = listener();
        Pair pair = pair(listener);
        stop();
        assertTrue(ended(pair.left()));
        assertTrue(ended(pair.right()));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(() -> assertThrows(IOException.class,
                    () -> transport().connect(listener.address(), PATIENCE).receive())).get(10, TimeUnit.SECONDS);
        }
    }
}
