package org.ashlar.itest;

import static org.junit.Assert.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;

/**
 * What the JVM holds.
 *
 * @param heap      bytes in use after a collection
 * @param metaspace bytes in use
 * @param classes   classes that are loaded
 */
record Footprint(long heap, long metaspace, int classes) {
    private static final int COLLECTIONS = 5;
    /** What may come and go with the guests' own work, and with what the JVM compiles: one engine that stays is more. */
    private static final long BYTES = 6L << 20;
    private static final int CLASSES = 300;

    static Footprint now() throws InterruptedException {
        long heap = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            Thread.sleep(200); // what a collection made unreachable, such as what waits for a cleaner, goes with the next
            heap = Math.min(heap, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        long metaspace = ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getName().equals("Metaspace"))
                .map(MemoryPoolMXBean::getUsage).mapToLong(usage -> usage.getUsed()).sum();
        return new Footprint(heap, metaspace, ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
    }

    void assertHardlyMoreThan(Footprint before) {
        assertTrue("heap: " + this + " after " + before, heap < before.heap + BYTES);
        assertTrue("metaspace: " + this + " after " + before, metaspace < before.metaspace + BYTES);
        assertTrue("classes: " + this + " after " + before, classes < before.classes + CLASSES);
    }

    @Override
    public String toString() {
        return (heap >> 10) + " KiB of heap, " + (metaspace >> 10) + " KiB of metaspace, " + classes + " classes";
    }
}
