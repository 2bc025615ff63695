package org.ashlar.sim;

/** From a start of something to its end or crash: after that, none of its threads goes on and none of its timers fires. */
final class Life {
    private boolean over;

    boolean isOver() {
        return over;
    }

    void end() {
        over = true;
    }
}
