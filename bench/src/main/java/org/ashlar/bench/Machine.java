package org.ashlar.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** What the figures were taken on: a figure says little without it. */
final class Machine {
    private Machine() { }

    static String describe(Erlang erlang) throws IOException, InterruptedException {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return String.format(Locale.ROOT, "%s; %d processors (%s), %s %s, Java %s, %s; load average %.1f at the end%s.%n",
                Instant.now().truncatedTo(ChronoUnit.MINUTES), system.getAvailableProcessors(), model(), system.getName(),
                system.getVersion(), Runtime.version(), erlang.isHere() ? "Erlang " + erlang.version() : "no Erlang",
                system.getSystemLoadAverage(), Priority.describe());
    }

    private static String model() throws IOException {
        Path file = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(file)) {
            return System.getProperty("os.arch");
        }
        return Files.readAllLines(file).stream().filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElse(System.getProperty("os.arch"));
    }
}
