package org.ashlar.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ashlar.bench.driver.Effort;

/** Files, from a guest to the disk and back, beside plain Java in the same JVM on the same disk. */
final class Storage {
    private static final double MEGA = 1e-6;
    private static final double MILLI = 1e-6;
    private static final double NANO = 1e-9;

    private Storage() { }

    static List<Row> files(Path root, Erlang erlang) throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        try (TestedNode node = new TestedNode(root)) {
            node.start();
            node.withDriver();
            for (int kib : List.of(1024, 4)) {
                long count = kib == 4 ? Effort.amount(20_000) : Effort.amount(200);
                Map<String, Series> taken = node.measure("files " + count + " " + kib * 1024 + " "
                        + Math.max(10, count / 20) + " " + Figure.RUNS);
                String size = kib == 4 ? "4 KiB" : "1 MiB";
                for (String what : List.of("read", "write", "durable")) {
                    rows.add(Row.of("vfs, " + size + ": " + what, "MB/s", taken.get(what).times(MEGA), "≥ 60 % of the next"));
                    rows.add(Row.of("… plain Java", "MB/s", taken.get("plain-" + what).times(MEGA), ""));
                }
            }
        }
        return rows;
    }

    /** What a snapshot of 1 GB of files costs a thousand busy guests. */
    static List<Row> snapshot(Path root, Erlang erlang) throws IOException, InterruptedException {
        try (TestedNode node = new TestedNode(root)) {
            node.start();
            node.withDriver();
            Map<String, Series> taken = node.measure("snapshot " + Effort.amount(1_000) + " " + Effort.amount(1_000) + " " + Figure.RUNS);
            return List.of(
                    Row.of("snapshot, 1 GB of files, 1 000 busy guests: longest answer, none taken", "ms", taken.get("calm").times(MILLI), ""),
                    Row.of("… answers a second, none taken", "1/s", taken.get("rate"), ""),
                    Row.of("… while it is cut", "ms", taken.get("cut").times(MILLI), "≤ 100"),
                    Row.of("… while it is read", "ms", taken.get("read").times(MILLI), ""),
                    Row.of("… longest set-state, none taken", "ms", taken.get("state-calm").times(MILLI), ""),
                    Row.of("… while it is cut", "ms", taken.get("state-cut").times(MILLI), "≤ 100"),
                    Row.of("… while it is read", "ms", taken.get("state-read").times(MILLI), ""),
                    Row.of("… taking it", "ms", taken.get("taking").times(MILLI), ""),
                    Row.of("… until all is read", "s", taken.get("whole").times(NANO), ""));
        }
    }
}
