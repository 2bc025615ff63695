package org.ashlar.net;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Connections by others on which the handshake is not over. They may be as many as strangers like: at the limit the oldest
 * makes room, because one that means it needs a few milliseconds. Any thread may call.
 */
final class HalfOpen {
    private final Set<Connection> open = new LinkedHashSet<>();

    void add(Connection connection) {
        Connection oldest = null;
        synchronized (open) {
            if (open.size() >= Limits.HALF_OPEN) {
                oldest = open.iterator().next();
                open.remove(oldest);
            }
            open.add(connection);
        }
        if (oldest != null) {
            oldest.close("others wait");
        }
    }

    void remove(Connection connection) {
        synchronized (open) {
            open.remove(connection);
        }
    }

    void expire(long now) {
        close(connection -> now - connection.since() > Limits.HANDSHAKE.toNanos(), "the handshake took too long");
    }

    void close(Predicate<Connection> which, String why) {
        List<Connection> late;
        synchronized (open) {
            late = open.stream().filter(which).toList();
            late.forEach(open::remove);
        }
        late.forEach(connection -> connection.close(why));
    }

    int size() {
        synchronized (open) {
            return open.size();
        }
    }
}
