package org.ashlar.wasi;

/**
 * Something to wait for. All there is to wait for in this host is time: files and the standard streams are always ready, as
 * the call on them waits for what is to be done.
 *
 * @param deadline when it is ready, by the monotonic clock, in nanoseconds
 */
record Pollable(long deadline) {
    static final long NOW = 0;

    static Pollable ready() {
        return new Pollable(NOW);
    }

    /** @param instant as a guest gives it: unsigned. Beyond the signed range (292 years) it never comes */
    static Pollable at(long instant) {
        return new Pollable(instant < 0 ? Long.MAX_VALUE : instant);
    }

    /** @param duration as a guest gives it: unsigned */
    static Pollable after(long now, long duration) {
        return at(duration < 0 || now + duration < 0 ? Long.MAX_VALUE : now + duration);
    }
}
