package org.ashlar.bench.net;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Pieces of bytes that are sent back, over the JDK's own TLS 1.3: {@code answer STORE BYTES} prints its port and sends back what one
 * client sends; {@code ask STORE BYTES PORT IN-FLIGHT MILLISECONDS RUNS} prints bytes a second, each piece counted for both ways.
 */
public final class TlsRival {
    private static final String VERSION = "TLSv1.3";

    private TlsRival() { }

    public static void main(String[] words) throws Exception {
        SSLContext context = context(Path.of(words[1]));
        int bytes = Integer.parseInt(words[2]);
        if (words[0].equals("answer")) {
            answer(context, bytes);
            return;
        }
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), Integer.parseInt(words[3]));
        socket.setEnabledProtocols(new String[] {VERSION});
        Semaphore flight = new Semaphore(Integer.parseInt(words[4]));
        AtomicLong done = new AtomicLong();
        Thread.ofPlatform().daemon().start(() -> send(socket, bytes, flight));
        Thread.ofPlatform().daemon().start(() -> receive(socket, bytes, flight, done));
        Runs.print(done, 2.0 * bytes, Long.parseLong(words[5]), Integer.parseInt(words[6]));
        System.exit(0);
    }

    private static void send(SSLSocket socket, int bytes, Semaphore flight) {
        try {
            OutputStream out = socket.getOutputStream();
            byte[] piece = new byte[bytes];
            while (true) {
                flight.acquire();
                out.write(piece);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void receive(SSLSocket socket, int bytes, Semaphore flight, AtomicLong done) {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] piece = new byte[bytes];
            while (true) {
                in.readFully(piece);
                done.incrementAndGet();
                flight.release();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void answer(SSLContext context, int bytes) throws IOException {
        try (SSLServerSocket server = (SSLServerSocket) context.getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setEnabledProtocols(new String[] {VERSION});
            System.out.println(server.getLocalPort());
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] piece = new byte[bytes];
                while (true) {
                    in.readFully(piece);
                    socket.getOutputStream().write(piece);
                }
            }
        }
    }

    /** Both sides have the one key, and trust it. */
    private static SSLContext context(Path file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance(VERSION);
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    /** Of a key that exists while it is measured. */
    public static final String PASSWORD = "benchmark";
}
