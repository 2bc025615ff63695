package org.ashlar.bench.driver;

/**
 * How thoroughly is measured. Brief, everything is done once and without warming up: that shows that each figure can still be
 * taken, not what it is. Set by a system property of both JVMs, the one that measures and the node's.
 */
public final class Effort {
    /** Name of the property. */
    public static final String PROPERTY = "bench.brief";
    public static final boolean BRIEF = Boolean.getBoolean(PROPERTY);

    private Effort() { }

    public static int runs(int thorough) {
        return BRIEF ? 1 : thorough;
    }

    /** Counts and times: a tenth of them, at least one. */
    public static long amount(long thorough) {
        return BRIEF ? Math.max(1, thorough / 10) : thorough;
    }
}
