package org.ashlar.kernel;

import static org.ashlar.kernel.TestNode.text;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.GuestHost;

/**
 * A ring of guests for {@link PartsStressTest}: each keeps one numbered Request to the next one outstanding, and counts in its
 * state, which it saves before each receive, what became of it. Every second one awaits its answers; of those the next one
 * keeps the Requests unanswered until a timer fires. Between an answer and the next Request lies a Request to a timer.
 */
final class RestlessCounters {
    /** What is counted. {@code IDLE} is above zero when it is to send no more. */
    enum Count { IDLE, SENT, ANSWERED, TAKEN, TIMERS, FIRED, FAILED, WRONG, ASTRAY, BROKEN, MESSAGES }

    private final TestNode node;
    private final Address timer;
    private final int size;
    private final int paceMillis;

    RestlessCounters(TestNode node, ProcessId timer, int size, int paceMillis) {
        this.node = node;
        this.timer = node.address(timer);
        this.size = size;
        this.paceMillis = paceMillis;
    }

    ProcessId id(int number) {
        return ProcessId.of("c" + Math.floorMod(number, size), TestNode.TESTER.packageId());
    }

    void begin() {
        for (int i = 0; i < size; i++) {
            Address next = node.address(id(i + 1));
            boolean awaits = i % 2 == 1;
            node.guest("c" + i, OnExit.RESTART, host -> new Run(host, next, awaits).run());
        }
        for (int i = 0; i < size; i++) {
            node.tell(id(i), "begin");
        }
    }

    /** What one has counted up to now, as it is in its state. */
    static Map<Count, Long> counts(Optional<byte[]> state) {
        Map<Count, Long> counts = new EnumMap<>(Count.class);
        ByteBuffer kept = ByteBuffer.wrap(state.orElseGet(() -> new byte[Count.values().length * Long.BYTES]));
        for (Count each : Count.values()) {
            counts.put(each, kept.getLong());
        }
        return counts;
    }

    /** One run of one of them. */
    private final class Run {
        private final GuestHost host;
        private final Address next;
        private final boolean awaits;
        private final Map<Count, Long> counts;
        private final Random random = new Random();

        Run(GuestHost host, Address next, boolean awaits) {
            this.host = host;
            this.next = next;
            this.awaits = awaits;
            counts = counts(host.state());
        }

        void run() {
            while (true) {
                handle(host.receive());
                save();
            }
        }

        private void save() {
            ByteBuffer kept = ByteBuffer.allocate(Count.values().length * Long.BYTES);
            counts.values().forEach(kept::putLong);
            host.setState(kept.array());
        }

        private long count(Count what) {
            return counts.merge(what, 1L, Long::sum);
        }

        private void handle(Delivery delivery) {
            count(Count.MESSAGES);
            String context = delivery.context().map(TestNode::text).orElse("");
            if (delivery instanceof Delivery.Failed) {
                count(context.equals("ping") ? Count.FAILED : Count.BROKEN);
                return;
            }
            Delivery.Received received = (Delivery.Received) delivery;
            String body = text(received.message().body());
            if (received.message() instanceof Request) {
                handleRequest(body);
            } else if (context.equals("ping")) {
                answered(body);
            } else {
                fired(context);
            }
        }

        private void handleRequest(String body) {
            if (body.equals("begin")) {
                setTimer("pace");
            } else if (body.equals("stop")) {
                count(Count.IDLE);
            } else {
                if (Long.parseLong(body.substring(4)) != count(Count.TAKEN)) {
                    count(Count.ASTRAY);
                }
                if (body.startsWith("keep")) {
                    setTimer(body);
                } else {
                    respond(body);
                }
            }
        }

        private void fired(String context) {
            count(Count.FIRED);
            if (!context.equals("pace")) {
                respond(context); // to the Request that was being handled when the timer was set
            } else if (counts.get(Count.IDLE) == 0) {
                String body = (awaits ? "keep" : "ping") + count(Count.SENT);
                if (awaits) {
                    await(body);
                } else {
                    send(next, body, "ping");
                }
            }
        }

        private void await(String body) {
            switch (host.sendAndAwait(next, Request.of(body).expecting(600), Optional.empty())) {
                case Delivery.Received received -> answered(text(received.message().body()));
                case Delivery.Failed failed -> count(Count.FAILED);
            }
        }

        private void answered(String body) {
            count(Count.ANSWERED);
            if (Long.parseLong(body.substring(4)) != counts.get(Count.SENT)) {
                count(Count.WRONG);
            }
            if (counts.get(Count.IDLE) == 0) {
                setTimer("pace");
            }
        }

        private void setTimer(String context) {
            send(timer, Integer.toString(random.nextInt(paceMillis + 1)), context);
            count(Count.TIMERS);
        }

        private void send(Address target, String body, String context) {
            host.send(new GuestHost.Outgoing(target, Request.of(body).expecting(600),
                    Optional.of(context.getBytes(StandardCharsets.UTF_8)), Optional.empty()));
        }

        private void respond(String body) {
            host.respond(Response.of(body), Optional.empty());
        }
    }
}
