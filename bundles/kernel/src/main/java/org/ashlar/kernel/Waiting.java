package org.ashlar.kernel;

import java.util.function.BooleanSupplier;

/** Waits for what a monitor guards, whatever interrupts. */
final class Waiting {
    private Waiting() { }

    /**
     * Waits until {@code condition} holds, at most {@code nanos}; whoever makes it hold notifies {@code monitor}.
     *
     * @return whether it does
     */
    static boolean until(Object monitor, BooleanSupplier condition, long nanos) {
        long deadline = System.nanoTime() + nanos;
        boolean interrupted = false;
        synchronized (monitor) {
            while (!condition.getAsBoolean() && deadline - System.nanoTime() > 0) {
                try {
                    monitor.wait(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return condition.getAsBoolean();
        }
    }
}
