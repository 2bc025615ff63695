package org.ashlar.transport.ws;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.net.Link;
import org.ashlar.api.net.Transport;
import org.ashlar.tck.TransportContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebSocketTransportTest extends TransportContract {
    private final WebSocketTransport transport = new WebSocketTransport();

    @Override
    protected Transport transport() {
        return transport;
    }

    @Override
    @AfterEach
    protected void stop() {
        transport.stop();
    }

    /** The JDK's own client: what is understood here is understood by others. */
    @Test
    void anotherImplementationIsUnderstoodOnAnyPath() throws Exception {
        BlockingQueue<Link> accepted = new LinkedBlockingQueue<>();
        try (Transport.Listener listener = transport.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), accepted::add);
             HttpClient client = HttpClient.newHttpClient()) {
            BlockingQueue<byte[]> got = new LinkedBlockingQueue<>();
            CompletableFuture<Void> echo = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    Link link = accepted.take();
                    link.send(List.of(link.receive().orElseThrow()));
                    echo.complete(null);
                    link.receive();
                } catch (Exception e) {
                    echo.completeExceptionally(e);
                }
            });
            WebSocket socket = client.newWebSocketBuilder().buildAsync(
                    URI.create("ws://127.0.0.1:" + listener.address().getPort() + "/any/path"), new WebSocket.Listener() {
                        @Override
                        public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
                            byte[] bytes = new byte[data.remaining()];
                            data.get(bytes);
                            got.add(bytes);
                            return WebSocket.Listener.super.onBinary(webSocket, data, last);
                        }
                    }).get(10, TimeUnit.SECONDS);
            socket.sendBinary(ByteBuffer.wrap(new byte[] {1, 2}), false).get(10, TimeUnit.SECONDS);
            socket.sendPing(ByteBuffer.wrap(new byte[] {9})).get(10, TimeUnit.SECONDS);
            socket.sendBinary(ByteBuffer.wrap(new byte[] {3}), true).get(10, TimeUnit.SECONDS);
            assertArrayEquals(new byte[] {1, 2, 3}, got.poll(10, TimeUnit.SECONDS));
            echo.get(10, TimeUnit.SECONDS);
            socket.abort();
        }
    }

    @Test
    void whatIsNoUpgradeIsRefused() throws Exception {
        assertTrue(refusal("GET / HTTP/1.1\r\nHost: x\r\n\r\n").startsWith("no WebSocket is asked for: GET / HTTP/1.1"));
        assertTrue(refusal("\0\0\0\0\r\n\r\n").startsWith("no WebSocket is asked for"));
        assertTrue(refusal("x".repeat(10_000)).contains("more than 8192 bytes"));
    }

    private String refusal(String said) throws Exception {
        BlockingQueue<Link> accepted = new LinkedBlockingQueue<>();
        try (Transport.Listener listener = transport.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), accepted::add);
             Socket socket = new Socket()) {
            socket.connect(listener.address());
            socket.getOutputStream().write(said.getBytes(ISO_8859_1));
            return assertThrows(IOException.class, accepted.take()::receive).getMessage();
        }
    }

    @Test
    void textAndMessagesThatAreTooLongEndIt() {
        Draft server = new Draft(false);
        byte[] text = {(byte) 0x81, 1, 'x'};
        assertThrows(IOException.class, () -> server.read(text, 0, text.length));
        byte[] announced = {(byte) 0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0};
        assertThrows(IOException.class, () -> new Draft(false).read(announced, 0, announced.length));
        assertThrows(IOException.class, () -> {
            Draft slow = new Draft(false);
            byte[] part = new byte[4 + 60_000];
            part[0] = 0x02;
            part[1] = 126;
            part[2] = (byte) (60_000 >> 8);
            part[3] = (byte) 60_000;
            assertEquals(List.of(), slow.read(part, 0, part.length));
            part[0] = 0x00;
            slow.read(part, 0, part.length);
        });
    }
}
