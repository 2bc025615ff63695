package org.ashlar.bench.driver;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** What this JVM has used of the processors, all its threads together: unlike wall time, little disturbed by other programs. */
final class CpuTime {
    private static final OperatingSystemMXBean SYSTEM = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private CpuTime() { }

    static long nanos() {
        return SYSTEM.getProcessCpuTime();
    }
}
