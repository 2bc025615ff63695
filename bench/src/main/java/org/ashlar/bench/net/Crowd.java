package org.ashlar.bench.net;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.net.NodeAddress;
import org.ashlar.api.net.NodeCard;
import org.ashlar.codec.CardText;
import org.ashlar.codec.PeerFrame;
import org.ashlar.noise.Ed25519Key;
import org.ashlar.noise.LocalNode;
import org.ashlar.noise.PeerSession;
import org.ashlar.noise.SessionEvent;
import org.ashlar.noise.Wire;

/**
 * Nodes that connect and then say nothing. {@code cards COUNT FILE} writes what a node must know of them. {@code connect CARD} reads
 * numbers from its input, connects as many more of them for each, and prints a line when the node has them all.
 */
public final class Crowd {
    private static final long PATIENCE_SECONDS = 60;

    private final NodeCard node;
    private final NodeAddress address;
    private final Ed25519Key key;

    private Crowd(NodeCard node) {
        this.node = node;
        address = node.addresses().stream().filter(each -> each.protocol().equals("tcp")).findFirst().orElseThrow();
        key = Ed25519Key.of(node.key()).orElseThrow();
    }

    public static void main(String[] words) throws Exception {
        if (words[0].equals("cards")) {
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(words[1]); i++) {
                BenchIdentity each = BenchIdentity.of(i);
                lines.add(CardText.of(new NodeCard(each.name(), each.publicKey(), List.of(), List.of())));
            }
            Files.write(Path.of(words[2]), lines);
            return;
        }
        Crowd crowd = new Crowd(CardText.parse(words[1]).card());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int next = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            for (int end = next + Integer.parseInt(line); next < end; next++) {
                crowd.connect(BenchIdentity.of(next)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            System.out.println(next);
        }
        System.exit(0);
    }

    /** Completed when the node would send messages over the connection. */
    private CompletableFuture<Void> connect(BenchIdentity identity) throws IOException {
        Socket socket = new Socket(InetAddress.getByName(address.host()), address.port());
        PeerSession session = PeerSession.dial(new LocalNode(identity, name -> Optional.of(key)).withExtension(), Wire.TCP, node.name(), false);
        CompletableFuture<Void> taken = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                write(socket, session.start());
                byte[] buffer = new byte[1_024];
                for (int length = socket.getInputStream().read(buffer); length > 0; length = socket.getInputStream().read(buffer)) {
                    for (SessionEvent event : session.receive(buffer, 0, length)) {
                        take(socket, session, event, taken);
                    }
                }
                throw new IOException("the node has ended the connection with " + identity.name());
            } catch (IOException e) {
                taken.completeExceptionally(e);
            }
        });
        return taken;
    }

    private static void take(Socket socket, PeerSession session, SessionEvent event, CompletableFuture<Void> taken) throws IOException {
        switch (event) {
            case SessionEvent.Output(byte[] frame) -> write(socket, List.of(frame));
            case SessionEvent.Established it -> write(socket, session.send(new PeerFrame.Hello(1, PeerFrame.UNOFFERED).encode()));
            case SessionEvent.Frame(byte[] bytes) -> {
                if (PeerFrame.parse(bytes) instanceof PeerFrame.Open(long stream, long next)) {
                    write(socket, session.send(new PeerFrame.Opened(stream, next - 1).encode()));
                    taken.complete(null);
                }
            }
            default -> throw new IOException("the node says " + event);
        }
    }

    private static void write(Socket socket, List<byte[]> pieces) throws IOException {
        for (byte[] piece : pieces) {
            socket.getOutputStream().write(piece);
        }
    }
}
