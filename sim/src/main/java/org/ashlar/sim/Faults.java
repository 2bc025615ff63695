package org.ashlar.sim;

import java.time.Duration;

/**
 * What goes wrong in a simulation by itself, and how often.
 *
 * @param loss       how many of the packets are lost, 0 to 1; what is lost is sent again, as TCP does
 * @param minDelay   how long a packet is on its way at least
 * @param maxDelay   and at most; packets overtake each other, and are put in order again where they arrive
 * @param partitions how many times an hour the nodes are cut in two groups that do not reach each other, for up to 20 s
 * @param cuts       how many times an hour a connection breaks
 * @param crashes    how many times an hour a node crashes; it starts again within 20 s
 * @param skew       how far clocks are off at most; they also run too fast or too slow by up to a thousandth when that is not zero
 */
public record Faults(double loss, Duration minDelay, Duration maxDelay, double partitions, double cuts, double crashes,
                     Duration skew) {
    /** A good network, in which nothing goes wrong. */
    public static final Faults NONE = new Faults(0, Duration.ofMillis(1), Duration.ofMillis(3), 0, 0, 0, Duration.ZERO);
    /** Much worse than any real network. */
    public static final Faults SEVERE = new Faults(0.05, Duration.ofMillis(1), Duration.ofMillis(200), 60, 200, 120,
            Duration.ofSeconds(30));

    /** @throws IllegalArgumentException when a number is not in its range */
    public Faults {
        if (loss < 0 || loss > 1 || minDelay.isNegative() || maxDelay.compareTo(minDelay) < 0 || partitions < 0 || cuts < 0
                || crashes < 0 || skew.isNegative()) {
            throw new IllegalArgumentException("faults with loss " + loss + ", delay " + minDelay + " to " + maxDelay + ", "
                    + partitions + " partitions, " + cuts + " cuts, " + crashes + " crashes, skew " + skew);
        }
    }
}
