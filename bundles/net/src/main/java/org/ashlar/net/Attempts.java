package org.ashlar.net;

/**
 * When a node without a connection is tried. One that cannot be reached is tried ever less often, and so is one that ends
 * each connection soon after the handshake; one with which a connection had been of use is tried again and again for
 * {@link Limits#PATIENCE}, because it may be changing its transport. Not for several threads; its {@link Peer} guards it.
 */
final class Attempts {
    private boolean running;
    private int failures;
    private long notBefore;
    private long patientUntil;

    Attempts(long now) {
        forgive(now);
        patientUntil = now;
    }

    /** @return false when the node is being tried already */
    boolean begin() {
        boolean first = !running;
        running = true;
        return first;
    }

    boolean running() {
        return running;
    }

    /** Whether there is no sense in trying yet, and its next time is later than anybody is kept waiting for. */
    boolean tooEarly(long now) {
        return !running && now - notBefore < 0 && notBefore - patientUntil >= 0;
    }

    /** How long to wait before the next attempt. */
    long pause(long now) {
        return Math.max(0, notBefore - now);
    }

    /** Whether to try once more after an attempt that failed. */
    boolean patient(long now) {
        return now - patientUntil < 0;
    }

    /** There is a connection no more. @param useful whether it was good for something: else it is as good as an attempt that failed */
    void lost(long now, boolean useful) {
        if (useful) {
            forgive(now);
        }
        if (failures == 0) {
            patientUntil = now + Limits.PATIENCE.toNanos();
        }
        if (!useful) {
            failed(now);
        }
    }

    void over() {
        running = false;
    }

    void failed(long now) {
        notBefore = now + Math.min(Limits.MAX_BACKOFF.toNanos(), Limits.FIRST_BACKOFF.toNanos() << Math.min(failures, 16));
        failures++;
    }

    /** What is known of it has changed: it may be tried at once. */
    void forgive(long now) {
        failures = 0;
        notBefore = now;
    }

    /** Whether it is not being tried, and could have been for {@code nanos}: nothing need be remembered. */
    boolean forgotten(long now, long nanos) {
        return !running && now - notBefore > nanos;
    }
}
