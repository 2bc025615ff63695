package org.ashlar.net;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.SendError;
import org.ashlar.api.process.Reply;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.MessagePackCodec;
import org.ashlar.noise.NoiseException;

/** What becomes of messages on their way out: sent and registered, put back, refused. Any thread may call. */
final class Outbound {
    private final Network network;
    private final Capabilities capabilities;
    private final Lines lines;
    private final Machine machine;

    Outbound(Network network, Capabilities capabilities, Lines lines) {
        this.network = network;
        this.capabilities = capabilities;
        this.lines = lines;
        this.machine = network.machine();
    }

    /** A message did not go out and will not. */
    void refused(Outgoing message, SendError.Kind kind) {
        Address target = message.envelope().target();
        lines.print(message.isRequest() ? 2 : 1, "a " + (message.isRequest() ? "Request" : "Response") + " of "
                + message.envelope().source() + " to " + target + " was not sent: " + (kind == SendError.Kind.OFFLINE
                ? target.node() + " cannot be reached" : "too much waits for " + target.node()));
        message.fail(kind);
    }

    /** A message that will not be sent by this network: its successor may, if there is to be one. */
    void unsent(Outgoing message) {
        if (network.isClosed()) {
            message.reply().ifPresent(Reply::handBack);
        } else {
            refused(message, SendError.Kind.OFFLINE);
        }
    }

    /** Sends a batch of messages in one write. For the thread that sends over {@code connection}. */
    void write(Peer peer, Connection connection, List<Outgoing> batch) throws IOException {
        List<byte[]> frames = new ArrayList<>(batch.size());
        List<Outgoing> going = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            Outgoing message = batch.get(i);
            try {
                Outgoing ready = new Outgoing(capabilities.signed(inMemory(message.envelope(), MessagePackCodec.MAX_MESSAGE)), message.reply());
                frames.addAll(connection.encrypt(ready));
                going.add(message);
            } catch (CodecException e) {
                lines.print(0, "a message of " + message.envelope().source() + " was not sent: " + e.getMessage());
                message.fail(SendError.Kind.TIMEOUT);
            } catch (IOException e) {
                lines.print(0, "a message of " + message.envelope().source() + " was not sent: its blob cannot be read: " + e.getMessage());
                message.fail(SendError.Kind.TIMEOUT);
            } catch (IllegalStateException | NoiseException e) {
                going.addAll(batch.subList(i, batch.size()));
                peer.putBack(going);
                throw new IOException("the connection has ended", e);
            }
        }
        if (!frames.isEmpty()) {
            going.forEach(message -> register(peer, message));
            try {
                connection.send(frames);
            } catch (IOException e) {
                throw endOf(going, e);
            }
            connection.sent().addAndGet(going.size());
            going.forEach(this::passedOn);
        }
    }

    /**
     * A message as nodes of this kind read it, in pieces; empty when it cannot be sent, and has ended. For a thread that may wait.
     *
     * @param most bytes that the other node takes
     */
    Optional<List<byte[]>> encoded(Outgoing message, int most) {
        try {
            return Optional.of(MessagePackCodec.encodeCompact(capabilities.signed(inMemory(message.envelope(), most)), most));
        } catch (CodecException e) {
            lines.print(0, "a message of " + message.envelope().source() + " was not sent: " + e.getMessage());
        } catch (IOException e) {
            lines.print(0, "a message of " + message.envelope().source() + " was not sent: its blob cannot be read: " + e.getMessage());
        }
        message.fail(SendError.Kind.TIMEOUT);
        return Optional.empty();
    }

    /** Before it goes out: the answer may be quicker than whoever sent it. */
    void register(Peer peer, Outgoing message) {
        if (answeredHere(message)) {
            message.reply().ifPresent(reply -> network.inflight().add(peer.name(), message.envelope(), reply));
        }
    }

    /** It did not go out. */
    void unregister(Outgoing message) {
        message.reply().ifPresent(reply -> network.inflight().remove(message.envelope(), reply));
    }

    private boolean answeredHere(Outgoing message) {
        return message.isRequest() && message.envelope().respondTo().node().equals(network.name());
    }

    /** A Request whose answer goes to another node is not waited for here. */
    void passedOn(Outgoing message) {
        if (message.isRequest() && !answeredHere(message)) {
            message.fail(SendError.Kind.TIMEOUT);
        }
    }

    /** Whether the messages arrived is unknown: sending them again could double them. */
    private IOException endOf(List<Outgoing> going, IOException cause) {
        for (Outgoing message : going) {
            unregister(message);
            message.fail(SendError.Kind.OFFLINE);
        }
        return cause;
    }

    /** Blobs in files are read here, because encoding them would do it on this thread. */
    private Envelope inMemory(Envelope envelope, int most) throws IOException {
        if (envelope.blob().isEmpty() || envelope.blob().get() instanceof Blob.InMemory) {
            return envelope;
        }
        Blob file = envelope.blob().get();
        if (file.length() > most) {
            throw new CodecException("message: a blob of " + file.length() + " bytes; at most " + most
                    + " can be sent to another node");
        }
        byte[] bytes = machine.call(file::bytes);
        return new Envelope(envelope.id(), envelope.source(), envelope.target(), envelope.rsvp(), envelope.message(),
                Optional.of(Blob.of(file.mime(), bytes)));
    }
}
