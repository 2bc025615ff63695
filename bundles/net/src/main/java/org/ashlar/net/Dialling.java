package org.ashlar.net;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whether and when one node is dialled, and how long what waits for it is kept waiting ({@link Attempts}). The lock is the
 * {@link Peer}'s. Any thread may call, where nothing else is said.
 */
final class Dialling {
    private final Peer peer;
    private final Network network;
    private final ReentrantLock lock;
    private final Connections connections;
    private final Attempts attempts;

    Dialling(Peer peer, Network network, ReentrantLock lock, Connections connections) {
        this.peer = peer;
        this.network = network;
        this.lock = lock;
        this.connections = connections;
        attempts = new Attempts(now());
    }

    private long now() {
        return network.machine().nanos();
    }

    /** When, and how often it failed. With the lock held. */
    Attempts attempts() {
        return attempts;
    }

    /** Whether there is no sense in trying. With the lock held. */
    boolean tooEarly() {
        return attempts.tooEarly(now());
    }

    /** It is dialled, if it is not already and somebody wants it. With the lock held. @return whether to {@link Network#dial} */
    boolean begins(boolean wanted) {
        return wanted && !connections.any() && attempts.begin();
    }

    /** Whether it is to lead others to this node, and there is no connection for that. */
    boolean lacksRouter() {
        return network.indirect().isRouter(peer.name())
                && peer.connections().stream().noneMatch(each -> each.dialled() && each.leads());
    }

    /** It is a router of this node, and is to be tried at once when there is no connection for that. */
    void keep() {
        boolean dial;
        lock.lock();
        try {
            dial = !peer.isGone() && lacksRouter();
            if (dial) {
                attempts.forgive(now());
                dial = attempts.begin();
            }
        } finally {
            lock.unlock();
        }
        if (dial) {
            network.dial(peer);
        }
    }

    /** How long to wait before it is tried, in nanoseconds. */
    long pause() {
        lock.lock();
        try {
            return attempts.pause(now());
        } finally {
            lock.unlock();
        }
    }

    /** Whether to try it once more, after an attempt that failed. */
    boolean isPatient() {
        lock.lock();
        try {
            return attempts.patient(now());
        } finally {
            lock.unlock();
        }
    }

    /** What is known of the node has changed: it may be tried at once. */
    void forgive() {
        lock.lock();
        try {
            attempts.forgive(now());
        } finally {
            lock.unlock();
        }
    }

    /** Dialling is over. @param succeeded whether there was a connection; it may have ended already */
    void over(boolean succeeded) {
        List<Outgoing> failed = List.of();
        boolean again;
        lock.lock();
        try {
            attempts.over();
            if (connections.any()) {
                return;
            }
            if (!succeeded) {
                attempts.failed(now());
            }
            again = succeeded && !tooEarly();
            if (!again) {
                failed = peer.takeAll();
            }
            again = again && begins(peer.isNeeded());
        } finally {
            lock.unlock();
        }
        if (again) {
            network.dial(peer);
        } else if (!failed.isEmpty() || !succeeded) {
            peer.offline(failed);
        }
    }
}
