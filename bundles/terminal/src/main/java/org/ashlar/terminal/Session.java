package org.ashlar.terminal;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.ashlar.control.Frame;
import org.ashlar.control.Invocation;

/**
 * One client: its command, where the output goes, and whether it is still there. Closing it, from any thread, ends what
 * waits in it.
 */
final class Session implements AutoCloseable {
    /** Longest that a client may take to say what it wants. */
    static final Duration HELLO = Duration.ofSeconds(5);
    /** Longest that a person may take to answer a question. */
    static final Duration ANSWER = Duration.ofMinutes(10);
    private static final int CHUNK = 64 * 1024;

    private final SocketChannel channel;
    private final DataOutputStream out;
    /** One frame may wait, and then the end: empty. */
    private final BlockingQueue<Optional<Frame>> arrived = new ArrayBlockingQueue<>(2);
    private final CountDownLatch gone = new CountDownLatch(1);
    private volatile Invocation.Screen screen = Invocation.Screen.PLAIN;

    Session(SocketChannel channel) {
        this.channel = channel;
        this.out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)));
    }

    /** Begins to read what the client sends. */
    void start() {
        Thread.ofVirtual().name("terminal-reader").start(this::read);
    }

    /** One frame may wait; a client that sends more than it is asked for waits, and its sending blocks. */
    private void read() {
        try {
            DataInputStream in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
            Optional<Frame> frame = Frame.read(in);
            while (frame.isPresent()) {
                arrived.put(frame);
                frame = Frame.read(in);
            }
        } catch (IOException e) {
            return; // gone, or it speaks another protocol: the same to us
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            arrived.offer(Optional.empty());
            gone.countDown();
        }
    }

    /** The next frame; empty when none comes in time, or none can come. */
    private Optional<Frame> next(Duration time) throws InterruptedException {
        Optional<Frame> frame = arrived.poll(time.toMillis(), TimeUnit.MILLISECONDS);
        return frame == null ? Optional.empty() : frame;
    }

    /** The command. @throws IOException when none comes in time */
    Invocation invocation() throws IOException, InterruptedException {
        Frame frame = next(HELLO).orElseThrow(() -> new IOException("no command came within " + HELLO.toSeconds()
                + " seconds"));
        Invocation invocation = Invocation.of(frame);
        screen = invocation.screen();
        return invocation;
    }

    Invocation.Screen screen() {
        return screen;
    }

    void out(String text) throws IOException {
        out(text.getBytes(StandardCharsets.UTF_8));
    }

    void line(String text) throws IOException {
        out(text + "\n");
    }

    synchronized void out(byte[] bytes) throws IOException {
        for (int from = 0; from < bytes.length; from += CHUNK) {
            new Frame(Frame.Kind.OUT, Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + CHUNK))).write(out);
        }
    }

    synchronized void error(String line) throws IOException {
        Frame.text(Frame.Kind.ERR, line).write(out);
    }

    synchronized void exit(int status) throws IOException {
        Frame.exit(status).write(out);
    }

    /** A person's answer to {@code question}, white space around it removed; empty when none comes. */
    Optional<String> ask(String question) throws IOException, InterruptedException {
        if (!screen.answers()) {
            return Optional.empty();
        }
        synchronized (this) {
            Frame.text(Frame.Kind.ASK, question).write(out);
        }
        return next(ANSWER).filter(frame -> frame.kind() == Frame.Kind.ANSWER).map(frame -> frame.text().strip());
    }

    /** As {@link #ask}, and what is typed is not shown, nor changed. */
    Optional<String> secret(String question) throws IOException, InterruptedException {
        if (!screen.answers()) {
            return Optional.empty();
        }
        synchronized (this) {
            Frame.text(Frame.Kind.SECRET, question).write(out);
        }
        return next(ANSWER).filter(frame -> frame.kind() == Frame.Kind.ANSWER).map(Frame::text).filter(text -> !text.isEmpty());
    }

    /** Waits; returns at once, and false, when the client goes away. */
    boolean pause(Duration duration) throws InterruptedException {
        return !gone.await(duration.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() throws IOException {
        gone.countDown();
        channel.close();
    }
}
