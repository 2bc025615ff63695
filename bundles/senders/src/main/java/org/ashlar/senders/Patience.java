package org.ashlar.senders;

/**
 * Whether it is worth while to watch for something for a moment before going to sleep: as long as it comes in that moment. After each time in vain it is left
 * out, once, then twice as often each time. What several threads do to it at the same time may get lost, which costs a moment.
 */
final class Patience {
    /** Most times on end that it is left out. */
    static final int MOST = 256;

    /** Alone on a processor, who watches keeps the other from working. */
    private final boolean ever;
    private volatile int pause;
    private volatile int left;

    Patience() {
        this(Runtime.getRuntime().availableProcessors() > 1);
    }

    /** @param ever whether it may be worth while at all */
    Patience(boolean ever) {
        this.ever = ever;
    }

    /** Asked each time; whoever is told so then says what came of it. */
    boolean hasNow() {
        int now = left;
        if (now > 0) {
            left = now - 1;
        }
        return now == 0 && ever;
    }

    void cameOf(boolean success) {
        pause = success ? 0 : Math.min(MOST, Math.max(1, 2 * pause));
        left = pause;
    }
}
