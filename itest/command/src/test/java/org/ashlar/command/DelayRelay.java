package org.ashlar.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** {@code FROM TO PORT MILLISECONDS}: passes on connections to FROM:PORT to TO:PORT, each byte so much later. */
final class DelayRelay {
    private static final int ON_THE_WAY = 4_096;

    private DelayRelay() { }

    private record Piece(byte[] bytes, long due) { }

    public static void main(String[] words) throws IOException {
        int port = Integer.parseInt(words[2]);
        try (ServerSocket server = new ServerSocket(port, 50, InetAddress.getByName(words[0]))) {
            System.out.println("ready");
            while (true) {
                Socket one = server.accept();
                Thread.ofVirtual().start(() -> {
                    try {
                        Socket other = new Socket(words[1], port);
                        join(one, other, Long.parseLong(words[3]));
                        join(other, one, Long.parseLong(words[3]));
                    } catch (IOException e) {
                        close(one);
                    }
                });
            }
        }
    }

    private static void join(Socket from, Socket to, long millis) {
        BlockingQueue<Piece> late = new LinkedBlockingQueue<>(ON_THE_WAY);
        Thread.ofVirtual().start(() -> {
            try {
                InputStream in = from.getInputStream();
                byte[] buffer = new byte[65_536];
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    late.put(new Piece(Arrays.copyOf(buffer, length), System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis)));
                }
                late.put(new Piece(new byte[0], System.nanoTime()));
            } catch (IOException | InterruptedException e) {
                close(from);
                close(to);
            }
        });
        Thread.ofVirtual().start(() -> {
            try {
                OutputStream out = to.getOutputStream();
                for (Piece piece = late.take(); piece.bytes().length > 0; piece = late.take()) {
                    TimeUnit.NANOSECONDS.sleep(piece.due() - System.nanoTime());
                    out.write(piece.bytes());
                }
                to.shutdownOutput();
            } catch (IOException | InterruptedException e) {
                close(from);
                close(to);
            }
        });
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
