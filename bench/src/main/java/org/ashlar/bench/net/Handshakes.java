package org.ashlar.bench.net;

import com.southernstorm.noise.protocol.HandshakeState;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.ashlar.noise.Ed25519Key;
import org.ashlar.noise.Handshake;
import org.ashlar.noise.LocalNode;
import org.ashlar.noise.NoiseKey;
import org.ashlar.noise.PeerSession;
import org.ashlar.noise.SessionEvent;
import org.ashlar.noise.Wire;

/**
 * {@code TIMES RUNS}: handshakes, both sides on one thread, in turn: those of nodes ({@code nodes}: with names, signatures and their
 * checks), and the bare {@code Noise_XX_25519_ChaChaPoly_BLAKE2s} in it ({@code bare}) beside that of another library ({@code rival}).
 * Prints how many there are in a second of one processor's time, which other work on the machine disturbs little.
 */
public final class Handshakes {
    private static final byte[] PAYLOAD = new byte[100];
    private static final byte[] NOTHING = {};
    private static final SecureRandom RANDOM = new SecureRandom();

    private final LocalNode left;
    private final LocalNode right;

    private Handshakes() {
        BenchIdentity one = BenchIdentity.of(1);
        BenchIdentity other = BenchIdentity.of(2);
        Map<String, Ed25519Key> keys = Map.of(one.name(), one.key(), other.name(), other.key());
        left = new LocalNode(one, name -> Optional.ofNullable(keys.get(name))).withExtension();
        right = new LocalNode(other, name -> Optional.ofNullable(keys.get(name))).withExtension();
    }

    @FunctionalInterface
    private interface Work {
        boolean once() throws Exception;
    }

    public static void main(String[] words) throws Exception {
        int times = Integer.parseInt(words[0]);
        int runs = Integer.parseInt(words[1]);
        Handshakes both = new Handshakes();
        Map<String, Work> works = new TreeMap<>(Map.of("nodes", both::nodes, "bare", Handshakes::bare, "rival", Handshakes::rival));
        Map<String, StringJoiner> rates = new TreeMap<>();
        for (int run = runs == 1 ? 0 : -2; run < runs; run++) {
            for (Map.Entry<String, Work> each : works.entrySet()) {
                double rate = rate(each.getValue(), times);
                if (run >= 0) {
                    rates.computeIfAbsent(each.getKey(), name -> new StringJoiner(" ", name + " ", "")).add(String.valueOf(rate));
                }
            }
        }
        rates.values().forEach(System.out::println);
    }

    private static double rate(Work work, int times) throws Exception {
        long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int i = 0; i < times; i++) {
            if (!work.once()) {
                throw new IllegalStateException("a handshake does not come to its end");
            }
        }
        return times * 1e9 / (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun);
    }

    private boolean nodes() {
        PeerSession[] sides = {PeerSession.dial(left, Wire.TCP, right.identity().name(), false), PeerSession.accept(right, Wire.TCP)};
        List<Deque<byte[]>> to = List.of(new ArrayDeque<>(), new ArrayDeque<>(sides[0].start()));
        while (!to.get(0).isEmpty() || !to.get(1).isEmpty()) {
            for (int side = 0; side < 2; side++) {
                while (!to.get(side).isEmpty()) {
                    for (SessionEvent event : sides[side].receive(to.get(side).poll())) {
                        if (event instanceof SessionEvent.Output(byte[] frame)) {
                            to.get(1 - side).add(frame);
                        }
                    }
                }
            }
        }
        return sides[0].peer().isPresent() && sides[1].peer().isPresent();
    }

    private static boolean bare() {
        Handshake[] sides = new Handshake[2];
        for (int side = 0; side < 2; side++) {
            sides[side] = new Handshake(side == 0, NOTHING, NoiseKey.generate(RANDOM), NoiseKey.generate(RANDOM));
        }
        for (int message = 0; message < 3; message++) {
            sides[1 - message % 2].read(sides[message % 2].write(message == 0 ? NOTHING : PAYLOAD));
        }
        boolean complete = sides[0].complete() && sides[1].complete();
        sides[0].split();
        sides[1].split();
        return complete;
    }

    private static boolean rival() throws Exception {
        HandshakeState[] sides = new HandshakeState[2];
        for (int side = 0; side < 2; side++) {
            sides[side] = new HandshakeState(Handshake.PROTOCOL, side == 0 ? HandshakeState.INITIATOR : HandshakeState.RESPONDER);
            sides[side].getLocalKeyPair().generateKeyPair();
            sides[side].start();
        }
        byte[] wire = new byte[1_024];
        byte[] read = new byte[1_024];
        for (int message = 0; message < 3; message++) {
            int length = sides[message % 2].writeMessage(wire, 0, PAYLOAD, 0, message == 0 ? 0 : PAYLOAD.length);
            sides[1 - message % 2].readMessage(wire, 0, length, read, 0);
        }
        boolean complete = true;
        for (HandshakeState side : sides) {
            complete &= side.getAction() == HandshakeState.SPLIT;
            side.split().destroy();
            side.destroy();
        }
        return complete;
    }
}
