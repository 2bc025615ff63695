package org.ashlar.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.reflect.Method;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.net.NodeCard;
import org.ashlar.api.net.Transport;
import org.ashlar.api.process.Printout;
import org.ashlar.codec.CardText;
import org.ashlar.codec.NetCommand;
import org.ashlar.tck.RecordedReply;
import org.ashlar.transport.tcp.TcpTransport;
import org.ashlar.transport.ws.WebSocketTransport;

/** A node's network, on real sockets, with processes that are functions. */
final class TestNode implements AutoCloseable {
    private static final AtomicLong IDS = new AtomicLong(1_000);

    final TestIdentity identity;
    final NetComponent net;
    final MemoryBook book = new MemoryBook();
    final Clock clock = new Clock();
    final BlockingQueue<Printout> prints = new LinkedBlockingQueue<>();
    final BlockingQueue<Envelope> received = new LinkedBlockingQueue<>();
    /** What processes answer; a process that is not in here takes what comes and answers nothing. */
    final Map<String, Function<Envelope, Response>> processes = new ConcurrentHashMap<>();
    /** Those that have no room. */
    final Set<String> full = ConcurrentHashMap.newKeySet();
    private final List<Transport> transports = new ArrayList<>();

    /** Time that runs as it does, and can be moved. */
    static final class Clock extends SystemMachine {
        private volatile long moved;

        void move(long nanos) {
            moved += nanos;
        }

        @Override
        public long nanos() {
            return System.nanoTime() + moved;
        }

        @Override
        public Instant now() {
            return Instant.now().plusNanos(moved);
        }
    }

    TestNode(String name, String... protocols) {
        this(TestIdentity.of(name), 1_000, protocols);
    }

    TestNode(TestIdentity identity, int maxPeers, String... protocols) {
        this(identity, maxPeers, settings("127.0.0.1", Set.of(), List.of()), protocols);
    }

    /** One that leads others to {@code clients}. */
    static TestNode router(String name, Set<String> clients, String... protocols) {
        return new TestNode(TestIdentity.of(name), 1_000, settings("127.0.0.1", clients, List.of()), protocols);
    }

    /** One that takes no connections, and that {@code routers} lead to. */
    static TestNode indirect(String name, List<String> routers, String... protocols) {
        return new TestNode(TestIdentity.of(name), 1_000, settings(Settings.NONE, Set.of(), routers), protocols);
    }

    /** One that has {@code room} bytes for large messages that come in. */
    static TestNode withRoom(String name, long room) {
        return new TestNode(TestIdentity.of(name), 1_000, new Settings(Optional.empty(), "127.0.0.1", Optional.empty(), Optional.empty(),
                Set.of(), List.of(), Optional.of(room)));
    }

    private static Settings settings(String listen, Set<String> clients, List<String> routers) {
        return new Settings(Optional.empty(), listen, Optional.empty(), Optional.empty(), clients, routers, Optional.empty());
    }

    TestNode(TestIdentity identity, int maxPeers, Settings settings, String... protocols) {
        this.identity = identity;
        net = new NetComponent(settings, maxPeers, clock);
        net.addIdentity(identity);
        net.addSink(prints::add);
        net.addDirectory(book, Map.of());
        net.addKernel(new FunctionKernel(this), Map.of());
        for (String protocol : protocols.length == 0 ? new String[] {"tcp", "ws"} : protocols) {
            add(protocol.equals("tcp") ? new TcpTransport() : new WebSocketTransport());
        }
        processes.put("net:distro:sys", envelope -> null);
        processes.put("echo:t:t", envelope -> Response.of(envelope.message().body()));
    }

    void add(Transport transport) {
        transports.add(transport);
        net.addTransport(transport, Map.of());
    }

    void remove(Transport transport) throws Exception {
        transports.remove(transport);
        net.removeTransport(transport);
        stop(transport);
    }

    Transport transport(String protocol) {
        return transports.stream().filter(each -> each.protocol().equals(protocol)).findFirst().orElseThrow();
    }

    static void stop(Transport transport) throws Exception {
        Method stop = transport.getClass().getDeclaredMethod("stop");
        stop.setAccessible(true);
        stop.invoke(transport);
    }

    String name() {
        return identity.name();
    }

    NodeCard card() {
        return CardText.parse(cardText()).card();
    }

    String cardText() {
        return command("Card").replaceAll(".*?\\[\"(.*)\"\\].*", "$1");
    }

    /** What the person who runs the node is answered. */
    String command(String word) {
        return command(("\"" + word + "\"").getBytes(UTF_8));
    }

    private String command(byte[] body) {
        RecordedReply reply = new RecordedReply();
        handle("terminal:terminal:sys", name(), "net:distro:sys", body, reply);
        return new String(reply.answer().response().body(), UTF_8);
    }

    /** The person takes {@code card}, whatever key is known for its name. */
    void replace(String card) {
        command(new NetCommand.Add(card, true).encode());
    }

    /** Makes both known to each other. */
    static void introduce(TestNode one, TestNode other) {
        one.book.put(other.card());
        other.book.put(one.card());
    }

    /** What {@code target} is asked by a process of this node, to be answered within ten seconds. */
    RecordedReply ask(TestNode target, String process, String body) {
        return ask(target.name(), process, body.getBytes(UTF_8));
    }

    /** The same, with a blob, of a process of that name. */
    RecordedReply ask(String from, TestNode target, String process, byte[] blob) {
        RecordedReply reply = new RecordedReply();
        handle(new Envelope(IDS.incrementAndGet(), new Address(name(), ProcessId.parse(from)), new Address(target.name(), ProcessId.parse(process)),
                Optional.empty(), new Request(false, OptionalLong.of(10), new byte[0], Optional.empty(), List.of()),
                Optional.of(Blob.of(blob))), reply);
        return reply;
    }

    RecordedReply ask(String node, String process, byte[] body) {
        RecordedReply reply = new RecordedReply();
        handle("asker:t:t", node, process, body, reply);
        return reply;
    }

    void handle(String from, String node, String process, byte[] body, RecordedReply reply) {
        handle(new Envelope(IDS.incrementAndGet(), new Address(name(), ProcessId.parse(from)), new Address(node, ProcessId.parse(process)),
                Optional.empty(), new Request(false, OptionalLong.of(10), body, Optional.empty(), List.of()), Optional.empty()), reply);
    }

    void handle(Envelope envelope, RecordedReply reply) {
        try {
            net.handle(envelope, reply);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static String text(RecordedReply reply) {
        return new String(reply.answer().response().body(), UTF_8);
    }

    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within 60 s: " + what);
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    boolean isConnectedWith(TestNode other) {
        return net.network().reports().stream().anyMatch(peer -> peer.name().equals(other.name()) && peer.state().equals("connected"));
    }

    /** Hard, as a process that is killed. */
    void die() throws Exception {
        for (Transport transport : transports) {
            stop(transport);
        }
        close();
    }

    @Override
    public void close() {
        net.close();
        for (Transport transport : transports) {
            try {
                stop(transport);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }
}
