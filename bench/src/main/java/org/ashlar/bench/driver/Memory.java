package org.ashlar.bench.driver;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What this JVM keeps. As a measurement: {@code heap} and {@code resident}, bytes. */
final class Memory implements Measurement {
    /** A collection may leave what becomes garbage while it runs, or what a cleaner lets go of after it. */
    private static final int COLLECTIONS = 4;
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";

    @Override
    public Figures take(Guests guests, long[] numbers) throws Exception {
        return new Figures().add("heap", heapAfterCollection()).add("resident", resident());
    }

    static long heapAfterCollection() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** What the system has given it of the machine's memory; 0 where the system does not say. */
    private static long resident() throws IOException {
        return !Files.isReadable(STATUS) ? 0 : Files.readAllLines(STATUS).stream().filter(line -> line.startsWith(RESIDENT))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024).findFirst().orElse(0);
    }
}
