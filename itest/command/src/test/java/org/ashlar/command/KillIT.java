package org.ashlar.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ashlar.control.Frame;
import org.ashlar.control.Invocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL under load: several guests count, each writing its count as state before it answers. Whatever count was answered
 * before the kill must be there after it, and nothing beyond the one that was under way. {@code -Dashlar.kills} says how
 * often (20 in the tests, 300 in a soak); {@code -Dashlar.seed} repeats the moments of a run.
 */
class KillIT {
    private static final List<String> COUNTERS = List.of("a", "b", "c", "d");
    private static final int KILLS = Integer.getInteger("ashlar.kills", 20);
    private static final Pattern STATE = Pattern.compile("state value=([0-9]+)");

    @TempDir
    Path folder;

    @Test
    void everythingAcknowledgedIsThereAfterAKill() throws Exception {
        long seed = Long.getLong("ashlar.seed", System.nanoTime());
        Random random = new Random(seed);
        try (Ashlar ashlar = new Ashlar(folder)) {
            ashlar.up();
            ashlar.startProbes(COUNTERS);
            List<Counter> counters = COUNTERS.stream().map(Counter::new).toList();
            for (int kill = 1; kill <= KILLS; kill++) {
                List<Thread> load = new ArrayList<>();
                Path socket = ashlar.socket();
                counters.forEach(counter -> load.add(Thread.ofPlatform().start(() -> counter.countUntilTheNodeIsGone(socket))));
                Thread.sleep(200 + random.nextInt(800));
                ashlar.kill();
                for (Thread thread : load) {
                    assertTrue(thread.join(java.time.Duration.ofSeconds(30)), "the load ends with the node");
                }
                ashlar.ok("up", "--detach");
                for (Counter counter : counters) {
                    counter.check(ashlar, "kill " + kill + ", seed " + seed);
                }
            }
            System.out.println(KILLS + " kills, acknowledged: " + counters.stream().mapToLong(c -> c.acknowledged).sum());
            counters.forEach(counter -> assertTrue(counter.acknowledged > KILLS, "there was load: " + counter.acknowledged));
        }
    }

    /** One guest, and what it has said. */
    private static final class Counter {
        private final String address;
        private volatile long acknowledged;
        private volatile long attempted;

        Counter(String name) {
            this.address = "our@" + name + ":probe:itest";
        }

        void countUntilTheNodeIsGone(Path socket) {
            while (true) {
                attempted = acknowledged + 1;
                String script = "!set-state value=" + attempted + ";respond body=" + attempted;
                Optional<String> answer = ask(socket, address, script);
                if (answer.isEmpty()) {
                    return;
                }
                assertEquals(Long.toString(attempted), answer.get());
                acknowledged = attempted;
            }
        }

        void check(Ashlar ashlar, String when) throws Exception {
            String journal = ashlar.ok("m", address, "!get-state;report", "-a", "30");
            Matcher state = STATE.matcher(journal);
            long kept = state.find() ? Long.parseLong(state.group(1)) : 0;
            assertTrue(kept >= acknowledged && kept <= attempted, address + " has " + kept + ", acknowledged were "
                    + acknowledged + ", attempted " + attempted + " (" + when + ")");
            acknowledged = kept;
        }
    }

    /** The command {@code m} without the start of a JVM; empty when the node is gone. */
    private static Optional<String> ask(Path socket, String address, String body) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            DataOutputStream out = new DataOutputStream(Channels.newOutputStream(channel));
            DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
            new Invocation("m", Map.of("a", "20"), List.of(address, body), "/", Invocation.Screen.PLAIN).toFrame().write(out);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            for (Optional<Frame> frame = Frame.read(in); frame.isPresent(); frame = Frame.read(in)) {
                if (frame.get().kind() == Frame.Kind.EXIT) {
                    return frame.get().status() == 0 ? Optional.of(answer.toString(StandardCharsets.UTF_8)) : Optional.empty();
                }
                answer.writeBytes(frame.get().payload());
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
