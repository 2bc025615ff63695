package org.ashlar.http;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * The turn of one put of a name, where put-if-absent is a question and then a put: within one bundle there is one such at a time,
 * whichever connection it goes through. Ended by {@link #close}.
 */
public final class Turn implements AutoCloseable {
    private static final Set<String> UNDER_WAY = new HashSet<>();
    private final String name;

    private Turn(String name) {
        this.name = name;
    }

    /** Waits until nobody has it. @param name with the place that it is in. @throws IOException when the thread is interrupted */
    public static Turn take(String name) throws IOException {
        synchronized (UNDER_WAY) {
            try {
                while (!UNDER_WAY.add(name)) {
                    UNDER_WAY.wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while another put of " + name + " was under way", e);
            }
        }
        return new Turn(name);
    }

    @Override
    public void close() {
        synchronized (UNDER_WAY) {
            UNDER_WAY.remove(name);
            UNDER_WAY.notifyAll();
        }
    }
}
