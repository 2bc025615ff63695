package org.ashlar.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.net.Directory;
import org.ashlar.api.net.NodeCard;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.xbill.DNS.Message;
import org.xbill.DNS.NioClient;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;

/**
 * Nodes whose cards are in DNS. Asks only when a person looks for a node: the servers that the system uses, or the one that the
 * framework property {@code ashlar.dns} names ({@code HOST[:PORT]}), or nobody ({@code none}). What was found is remembered as
 * long as the records may be.
 */
@Component(service = Directory.class, property = "service.ranking:Integer=10")
public final class DnsDirectory implements Directory {
    /** Most names remembered. */
    static final int MAX = 1_000;
    /** Servers asked one after the other, until one answers. */
    static final int SERVERS = 3;
    /** How long one server may take. */
    static final Duration PATIENCE = Duration.ofMillis(1_500);
    /** How long a card is remembered at least and at most, in seconds. */
    static final long MIN_SECONDS = 60;
    static final long MAX_SECONDS = 86_400;

    private static final String NONE = "none";
    private static final int PORT = 53;
    private static final long NANOS = 1_000_000_000L;

    private final Optional<String> server;
    /** Guarded by this. */
    private final Map<String, Remembered> remembered = new HashMap<>();

    /** Whether the library has been asked for anything: only then it has something to close. */
    private volatile boolean used;

    private record Remembered(List<NodeCard> cards, long until) { }

    @Activate
    public DnsDirectory(BundleContext context) {
        this(Optional.ofNullable(context.getProperty("ashlar.dns")));
    }

    /** @param server {@code HOST[:PORT]} or {@code none}; empty: those of the system */
    DnsDirectory(Optional<String> server) {
        this.server = server;
    }

    @Override
    public String source() {
        return "dns";
    }

    @Override
    public synchronized List<NodeCard> find(String name) {
        forgetOld();
        Remembered found = remembered.get(name);
        return found == null ? List.of() : found.cards();
    }

    @Override
    public synchronized List<NodeCard> list() {
        forgetOld();
        return remembered.values().stream().flatMap(found -> found.cards().stream()).sorted(Comparator.comparing(NodeCard::name)).toList();
    }

    private void forgetOld() {
        long now = System.nanoTime();
        remembered.values().removeIf(found -> found.until() - now <= 0);
    }

    @Override
    public void search(String name) throws IOException {
        Message query = Records.query(name);
        IOException last = new IOException("the system names no server");
        for (InetSocketAddress each : servers()) {
            try {
                remember(name, ask(each, name, query));
                return;
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private Records.Found ask(InetSocketAddress server, String name, Message query) throws IOException {
        used = true;
        SimpleResolver resolver = new SimpleResolver(server);
        resolver.setTimeout(PATIENCE);
        Message answer;
        try {
            answer = resolver.send(query);
        } catch (IOException | RuntimeException e) { // what it cannot parse, it may throw either way
            throw new IOException("no answer from " + server.getAddress().getHostAddress() + ":" + server.getPort(), e);
        }
        return Records.read(name, answer).orElseThrow(() -> new IOException(server.getAddress().getHostAddress() + ":" + server.getPort()
                + " answers " + Rcode.string(answer.getRcode())));
    }

    private List<InetSocketAddress> servers() throws IOException {
        if (server.isEmpty()) {
            ResolverConfig.refresh();
            return ResolverConfig.getCurrentConfig().servers().stream().limit(SERVERS).toList();
        }
        if (server.get().equals(NONE)) {
            throw new IOException("not asked, because this node was started with --dns none");
        }
        return List.of(address(server.get()));
    }

    /** An address, in brackets if it is of the new kind and a port follows. */
    static InetSocketAddress address(String server) throws IOException {
        int colon = server.lastIndexOf(':');
        boolean port = colon > 0 && (server.indexOf(':') == colon || server.charAt(colon - 1) == ']');
        String host = port ? server.substring(0, colon) : server;
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port ? Integer.parseInt(server.substring(colon + 1)) : PORT);
        } catch (UnknownHostException | IllegalArgumentException e) {
            throw new IOException("\"" + server + "\" is no name server; --dns takes HOST or HOST:PORT", e);
        }
    }

    private synchronized void remember(String name, Records.Found found) {
        remembered.remove(name);
        if (found.cards().isEmpty()) {
            return;
        }
        forgetOld();
        if (remembered.size() >= MAX) {
            remembered.entrySet().stream().min(Comparator.comparingLong(entry -> entry.getValue().until() - System.nanoTime()))
                    .map(Map.Entry::getKey).ifPresent(remembered::remove);
        }
        long seconds = Math.clamp(found.seconds(), MIN_SECONDS, MAX_SECONDS);
        remembered.put(name, new Remembered(List.copyOf(found.cards()), System.nanoTime() + seconds * NANOS));
    }

    @Deactivate
    void close() {
        if (used && !jvmEnds()) {
            NioClient.close(); // a thread of the library's, which would keep this bundle's class loader
        }
    }

    /** Then the library closes by itself, and complains when it is told to. */
    private static boolean jvmEnds() {
        try {
            Runtime.getRuntime().removeShutdownHook(new Thread());
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }
}
