package org.ashlar.launcher;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import org.ashlar.control.Frame;
import org.ashlar.control.Invocation;

/** One command on its way to a node. Closing it, from any thread, makes the node give the command up. */
final class ControlClient implements AutoCloseable {
    /** What a command shows and asks. */
    interface Exchange {
        void out(byte[] bytes) throws IOException;

        void err(byte[] bytes) throws IOException;

        /** A person's answer to {@code question}; empty when none comes. */
        String ask(String question) throws IOException;

        /** As {@link #ask}; what is typed is not shown. */
        String secret(String question) throws IOException;
    }

    private final SocketChannel channel;

    private ControlClient(SocketChannel channel) {
        this.channel = channel;
    }

    /** Connects; empty when nobody listens. */
    static Optional<ControlClient> connect(Path socket) {
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                return Optional.of(new ControlClient(channel));
            } catch (IOException e) {
                channel.close();
                return Optional.empty();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Has the command carried out.
     *
     * @return its exit status; empty when the node went away before it was done
     */
    Optional<Integer> run(Invocation invocation, Exchange exchange) throws IOException {
        DataOutputStream out = new DataOutputStream(new java.io.BufferedOutputStream(Channels.newOutputStream(channel)));
        DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(Channels.newInputStream(channel)));
        send(invocation.toFrame(), out);
        while (true) {
            Optional<Frame> frame = read(in);
            if (frame.isEmpty()) {
                return Optional.empty();
            }
            switch (frame.get().kind()) {
                case OUT -> exchange.out(frame.get().payload());
                case ERR -> exchange.err(frame.get().payload());
                case ASK -> Frame.text(Frame.Kind.ANSWER, exchange.ask(frame.get().text())).write(out);
                case SECRET -> Frame.text(Frame.Kind.ANSWER, exchange.secret(frame.get().text())).write(out);
                case EXIT -> {
                    return Optional.of(frame.get().status());
                }
                case INVOKE, ANSWER -> throw new IOException("control protocol: the node sent " + frame.get().kind());
            }
        }
    }

    /** A node that has as many commands as it serves says so and closes, perhaps before it is sent this one. */
    private static void send(Frame command, DataOutputStream out) {
        try {
            command.write(out);
        } catch (IOException e) {
            return; // what it said can still be read; if it said nothing, it is gone
        }
    }

    /** A connection that breaks off and one that ends are the same here: the node is gone. */
    private static Optional<Frame> read(DataInputStream in) throws IOException {
        try {
            return Frame.read(in);
        } catch (java.net.SocketException | java.io.EOFException | java.nio.channels.ClosedChannelException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
