package org.ashlar.lan;

import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ashlar.api.net.Directory;
import org.ashlar.api.net.NodeCard;
import org.ashlar.codec.CardText;
import org.ashlar.codec.CodecException;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Message;

/**
 * Nodes on the same network, by multicast DNS: off unless the framework property {@code ashlar.lan} is {@code true}. This node
 * is announced when its card has an address that others can reach.
 * <p>
 * Life cycle: joins the group when activated, or as soon as that works; asks for nodes at once and every minute; says goodbye
 * when deactivated. One thread receives, one sends.
 */
@Component(service = Directory.class, property = "service.ranking:Integer=20")
public final class LanDirectory implements Directory {
    /** Packets looked at in a second; the rest are dropped. */
    static final int PACKETS_A_SECOND = 100;
    private static final Logger LOG = LoggerFactory.getLogger(LanDirectory.class);
    private static final int PORT = 5_353;
    private static final long SEARCH_MILLIS = 1_500;
    private static final long ROUND_SECONDS = 60;
    private static final long SECOND_NANOS = 1_000_000_000L;
    /** Answers of many nodes are spread (RFC 6762, 6), and each node gives one a second. */
    private static final int MIN_DELAY_MILLIS = 20;
    private static final int MAX_DELAY_MILLIS = 120;
    private static final long FAREWELL_MILLIS = 1_000;

    private final Optional<String> network;
    private final int port;
    private final Sightings sightings = new Sightings();
    private final SecureRandom random = new SecureRandom();
    private final Optional<ScheduledExecutorService> sender;
    private volatile Optional<Group> group = Optional.empty();
    private volatile String trouble = "";
    private volatile Optional<CardText> own = Optional.empty();
    /** For the sending thread alone: whether an answer waits, and when the last went out. */
    private boolean answering;
    private long lastAnswer = System.nanoTime() - SECOND_NANOS;

    @Activate
    public LanDirectory(BundleContext context) {
        this(Boolean.parseBoolean(context.getProperty("ashlar.lan")), Optional.ofNullable(context.getProperty("ashlar.lan.interface")),
                Optional.ofNullable(context.getProperty("ashlar.lan.port")).map(Integer::parseInt).orElse(PORT));
    }

    LanDirectory(boolean on, Optional<String> network, int port) {
        this.network = network;
        this.port = port;
        sender = on ? Optional.of(Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("lan-send").factory()))
                : Optional.empty();
        sender.ifPresent(thread -> {
            thread.scheduleWithFixedDelay(this::round, 0, ROUND_SECONDS, TimeUnit.SECONDS);
            // A packet may get lost.
            thread.schedule(this::hello, 1, TimeUnit.SECONDS);
        });
    }

    private void round() {
        try {
            if (group.isEmpty()) {
                Group joined = new Group(network, port);
                group = Optional.of(joined);
                Thread.ofPlatform().daemon().name("lan-receive").start(() -> receive(joined));
            } else {
                group.get().joinNew();
            }
            trouble = "";
        } catch (IOException e) {
            if (trouble.isEmpty()) {
                LOG.warn("nodes on this network are not found: {}", e.getMessage());
            }
            trouble = String.valueOf(e.getMessage());
        }
        hello();
    }

    private void hello() {
        group.ifPresent(joined -> joined.send(Records.query()));
        say(Records.TTL);
    }

    /** On the sending thread. */
    private void say(int seconds) {
        Optional<Group> joined = group;
        Optional<CardText> card = own.filter(text -> joined.isPresent() && isForOthers(text.card(), joined.get()));
        card.map(text -> Records.announcement(text, seconds)).filter(packet -> packet.length <= Records.MAX_PACKET)
                .ifPresent(packet -> joined.get().send(packet));
    }

    /** A node that only its own machine reaches is nobody's business on the network. */
    private static boolean isForOthers(NodeCard card, Group group) {
        return group.isLoopback() || card.addresses().stream().anyMatch(address -> !address.host().equals("localhost")
                && Records.literal(address.host()).filter(InetAddress::isLoopbackAddress).isEmpty());
    }

    private void receive(Group joined) {
        long second = System.nanoTime();
        int packets = 0;
        try {
            while (true) {
                Group.Packet packet = joined.receive();
                if (System.nanoTime() - second > SECOND_NANOS) {
                    second = System.nanoTime();
                    packets = 0;
                }
                if (++packets <= PACKETS_A_SECOND) {
                    heed(packet);
                }
            }
        } catch (IOException e) {
            LOG.debug("nothing more is received", e);
            group = Optional.empty();
            joined.close();
        }
    }

    private void heed(Group.Packet packet) {
        try {
            Message message = Records.parse(packet.bytes());
            if (Records.asks(message)) {
                sender.ifPresent(thread -> thread.execute(this::answer));
            }
            Records.cards(message).stream().filter(heard -> !isOwn(heard.card().card()))
                    .forEach(heard -> sightings.heard(heard, packet.source(), System.nanoTime()));
        } catch (CodecException | RejectedExecutionException e) {
            LOG.debug("a packet of {} is passed over: {}", packet.source(), e.getMessage());
        }
    }

    private boolean isOwn(NodeCard card) {
        return own.filter(mine -> Arrays.equals(mine.card().key(), card.key())).isPresent();
    }

    private void answer() {
        if (answering) {
            return;
        }
        answering = true;
        long soonest = Math.max(0, (lastAnswer + SECOND_NANOS - System.nanoTime()) / 1_000_000);
        sender.orElseThrow().schedule(() -> {
            answering = false;
            lastAnswer = System.nanoTime();
            say(Records.TTL);
        }, Math.max(soonest, random.nextInt(MIN_DELAY_MILLIS, MAX_DELAY_MILLIS)), TimeUnit.MILLISECONDS);
    }

    @Override
    public String source() {
        return "lan";
    }

    @Override
    public List<NodeCard> find(String name) {
        return sightings.find(name, System.nanoTime());
    }

    @Override
    public List<NodeCard> list() {
        return sightings.list(System.nanoTime());
    }

    @Override
    public void search(String name) throws IOException {
        ScheduledExecutorService thread = sender.orElseThrow(() -> new IOException("not asked, because this node was started without --lan"));
        if (group.isEmpty() && !trouble.isEmpty()) {
            throw new IOException(trouble);
        }
        try {
            thread.execute(() -> group.ifPresent(joined -> joined.send(Records.query())));
            sightings.await(name, TimeUnit.MILLISECONDS.toNanos(SEARCH_MILLIS));
        } catch (RejectedExecutionException e) {
            throw new IOException("the bundle is being stopped", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void announce(NodeCard card, byte[] signature) {
        own = Optional.of(new CardText(card, Optional.of(signature)));
        sender.ifPresent(thread -> {
            try {
                thread.execute(() -> say(Records.TTL));
            } catch (RejectedExecutionException e) {
                LOG.debug("not announced: stopping");
            }
        });
    }

    @Deactivate
    void close() {
        sender.ifPresent(thread -> {
            try {
                // What is to be answered later is not any more.
                thread.submit(() -> {
                    say(0);
                    own = Optional.empty();
                }).get(FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
                LOG.debug("gone without a goodbye", e);
            }
            thread.shutdownNow();
        });
        group.ifPresent(Group::close);
    }
}
