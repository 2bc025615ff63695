package org.ashlar.bench.driver;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What this JVM has allocated on its heap, all its threads together: other programs do not disturb it at all. */
final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() { }

    static long bytes() {
        return THREADS.getTotalThreadAllocatedBytes();
    }
}
