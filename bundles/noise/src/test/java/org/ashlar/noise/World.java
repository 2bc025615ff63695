package org.ashlar.noise;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Request;

/** Nodes that know each other, and what carries their bytes. */
final class World {
    static final byte[] NOTHING = {};

    final Map<String, Ed25519Key> known = new HashMap<>();

    /** A node that everybody knows. */
    LocalNode node(String name) {
        TestIdentity identity = TestIdentity.of(name);
        known.put(name, identity.key());
        return stranger(identity);
    }

    /** A node that knows everybody, and that nobody knows. */
    LocalNode stranger(TestIdentity identity) {
        return new LocalNode(identity, name -> Optional.ofNullable(known.get(name)));
    }

    static Envelope message(String from, String to, byte[] body) {
        return new Envelope(1, Address.parse(from + "@p:q:r"), Address.parse(to + "@s:t:u"), Optional.empty(), Request.of(body),
                Optional.empty());
    }

    static Link connected(LocalNode dialling, LocalNode accepting, Wire wire) {
        return new Link(PeerSession.dial(dialling, wire, accepting.identity().name(), false), PeerSession.accept(accepting, wire)).run();
    }

    /** The message that came last. */
    static Envelope received(List<SessionEvent> events) {
        return assertInstanceOf(SessionEvent.Received.class, events.getLast()).envelope();
    }

    /** Why the session ended with the last event. */
    static SessionEvent.Reason failure(List<SessionEvent> events) {
        return assertInstanceOf(SessionEvent.Failed.class, events.getLast()).reason();
    }

    static List<byte[]> outputs(List<SessionEvent> events) {
        return events.stream().filter(SessionEvent.Output.class::isInstance).map(event -> ((SessionEvent.Output) event).frame()).toList();
    }

    /** Two sessions and the connection between them. What does not go to the other side is kept, in order. */
    static final class Link {
        final PeerSession left;
        final PeerSession right;
        final List<SessionEvent> leftEvents = new ArrayList<>();
        final List<SessionEvent> rightEvents = new ArrayList<>();
        private final Deque<byte[]> toLeft = new ArrayDeque<>();
        private final Deque<byte[]> toRight = new ArrayDeque<>();

        Link(PeerSession left, PeerSession right) {
            this.left = left;
            this.right = right;
            toRight.addAll(left.start());
            toLeft.addAll(right.start());
        }

        /** Carries bytes until there are none. */
        Link run() {
            while (!toLeft.isEmpty() || !toRight.isEmpty()) {
                carry(toRight, right, rightEvents, toLeft);
                carry(toLeft, left, leftEvents, toRight);
            }
            return this;
        }

        void leftSends(List<byte[]> frames) {
            toRight.addAll(frames);
            run();
        }

        void rightSends(List<byte[]> frames) {
            toLeft.addAll(frames);
            run();
        }

        private static void carry(Deque<byte[]> frames, PeerSession to, List<SessionEvent> events, Deque<byte[]> back) {
            while (!frames.isEmpty()) {
                for (SessionEvent event : to.receive(frames.poll())) {
                    if (event instanceof SessionEvent.Output(byte[] frame)) {
                        back.add(frame);
                    } else {
                        events.add(event);
                    }
                }
            }
        }
    }

    /** All frames as one stream. */
    static byte[] joined(List<byte[]> frames) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        frames.forEach(out::writeBytes);
        return out.toByteArray();
    }

    static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 'x');
        return bytes;
    }
}
