package org.ashlar.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;

/** All that happened, as a number that differs when anything differs, and the last of it as text. */
final class Trace {
    private static final boolean PRINTED = Boolean.getBoolean("ashlar.sim.trace");
    private static final int SHOWN = 60;
    private static final long PRIME = 0x100000001b3L;

    private final Deque<String> last = new ArrayDeque<>();
    private long hash = 0xcbf29ce484222325L;

    void add(long nanos, String what) {
        add(nanos);
        for (int i = 0; i < what.length(); i++) {
            hash = (hash ^ what.charAt(i)) * PRIME;
        }
        String line = nanos + " " + what;
        if (PRINTED) {
            System.err.println(line);
        }
        last.add(line);
        if (last.size() > SHOWN) {
            last.poll();
        }
    }

    void add(long number) {
        hash = (hash ^ number) * PRIME;
        hash ^= hash >>> 29;
    }

    String hash() {
        return HexFormat.of().toHexDigits(hash);
    }

    String lines() {
        return String.join("\n", last);
    }
}
