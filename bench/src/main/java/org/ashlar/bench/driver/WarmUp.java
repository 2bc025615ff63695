package org.ashlar.bench.driver;

/** Repeats work until it gets no faster: until the JVM has compiled what is hot. */
final class WarmUp {
    private static final int LEAST = Effort.runs(16);
    private static final int MOST = Effort.runs(60);
    /** Runs in a row that must not have been faster than the best before them by more than {@link #GAIN}. */
    private static final int SETTLED = 6;
    private static final double GAIN = 0.03;

    private WarmUp() { }

    /** @param work does it once and says how fast, or how good, it was: more is better */
    static void run(Work work) throws Exception {
        double best = 0;
        int settled = 0;
        for (int i = 0; i < MOST && (i < LEAST || settled < SETTLED); i++) {
            double reached = work.once();
            settled = reached > best * (1 + GAIN) ? 0 : settled + 1;
            best = Math.max(best, reached);
        }
    }

    @FunctionalInterface
    interface Work {
        double once() throws Exception;
    }
}
