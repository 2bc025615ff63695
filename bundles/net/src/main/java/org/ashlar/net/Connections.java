package org.ashlar.net;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.ashlar.codec.NetReport;

/**
 * The connections with one node: all of them receive; one, the current one, sends. When both nodes connect at the same time,
 * both choose the connection that the node with the lesser name made; otherwise the newest takes over, because an old one may
 * lead nowhere any more. One that has lost its place finishes what it is sending and goes on receiving for a while: no message
 * is lost by that, and none sent twice. Not for several threads; its {@link Peer} guards it.
 */
final class Connections {
    private final String here;
    private final String there;
    private final Set<Connection> live = new LinkedHashSet<>();
    /** Those with a thread that sends: the current one, and others until they have sent what they had begun. */
    private final Set<Connection> senders = new LinkedHashSet<>();
    /** Sends; null when none does. */
    private Connection current;
    private long currentSince;

    Connections(String here, String there) {
        this.here = here;
        this.there = there;
    }

    /** @return whether it is to be {@link #use used} */
    boolean add(Connection connection) {
        live.add(connection);
        return current == null || takesOver(connection);
    }

    private boolean takesOver(Connection newer) {
        boolean simultaneous = newer.dialled() != current.dialled()
                && newer.since() - current.since() < Limits.SIMULTANEOUS.toNanos();
        return !simultaneous || newer.dialled() == here.compareTo(there) < 0;
    }

    /** Makes {@code connection} the one that sends. @return whether it has no thread for that yet */
    boolean use(Connection connection, long now) {
        current = connection;
        currentSince = now;
        return senders.add(connection);
    }

    /** One that makes room at the limit. */
    Optional<Connection> tooMany(Connection newest) {
        return live.size() <= Limits.CONNECTIONS_OF_PEER ? Optional.empty()
                : live.stream().filter(each -> each != current && each != newest).findFirst();
    }

    boolean isCurrent(Connection connection) {
        return current == connection;
    }

    boolean any() {
        return current != null;
    }

    Optional<Connection> current() {
        return Optional.ofNullable(current);
    }

    /** Since when the current one is that. */
    long currentSince() {
        return currentSince;
    }

    /** Nothing sends any more. */
    void dismiss() {
        current = null;
    }

    void remove(Connection connection) {
        live.remove(connection);
    }

    /** It has a thread that sends, though it may not be the current one. */
    void sends(Connection connection) {
        senders.add(connection);
    }

    boolean isSending(Connection connection) {
        return senders.contains(connection);
    }

    /** Whether others than the current one have not sent yet what they had begun. */
    boolean othersSend() {
        return senders.size() > 1;
    }

    void sendsNoMore(Connection connection) {
        senders.remove(connection);
    }

    boolean isEmpty() {
        return live.isEmpty();
    }

    List<Connection> all() {
        return List.copyOf(live);
    }

    /** Closes those that take nothing, that another has taken the place of, or that nothing goes over. */
    void closeUnused(long now, boolean needed) {
        for (Connection each : all()) {
            long write = each.sendingSince();
            if (write != 0 && now - write > Limits.STALLED.toNanos()) {
                each.close(there + " has taken nothing for " + Limits.STALLED.toSeconds() + " s");
            } else if (!isCurrent(each) && now - each.lastTraffic() > Limits.LINGER.toNanos() && now - each.since() > Limits.LINGER.toNanos()) {
                each.close("another connection has taken its place");
            } else if (now - each.lastTraffic() > Limits.IDLE.toNanos() && !needed) {
                each.close("nothing has gone over it for " + Limits.IDLE.toMinutes() + " minutes");
            }
        }
    }

    /** @param waiting messages that wait to be sent @param open Requests that may be answered */
    NetReport.PeerReport report(long now, boolean dialling, long waiting, long open) {
        long sent = live.stream().mapToLong(each -> each.sent().get()).sum();
        long received = live.stream().mapToLong(each -> each.receivedCount().get()).sum();
        String state = current != null ? "connected" : dialling ? "connecting" : "offline";
        return new NetReport.PeerReport(there, state, current().map(each -> each.link().remote()).orElse(""),
                current().map(each -> TimeUnit.NANOSECONDS.toSeconds(now - each.since())).orElse(0L), sent, received, waiting, open);
    }
}
