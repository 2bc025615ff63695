package org.ashlar.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ashlar.bench.driver.Effort;

/** Requests and Responses between guests; all with a 64-byte body, through the whole component interface. */
final class Messages {
    private static final int MANY = 100;
    private static final int CHATTY = 500;
    private static final int FAIRNESS_RUNS = Effort.runs(5);
    private static final double MICROS = 1e-3;

    private Messages() { }

    static List<Row> pairs(Path root, Erlang erlang) throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        try (TestedNode node = new TestedNode(root)) {
            node.start();
            node.withDriver();
            for (int pairs : List.of(1, MANY)) {
                String words = "rounds " + pairs + " " + Effort.amount(1000) + " " + Figure.RUNS;
                Map<String, Series> ours = node.measure(words);
                String name = pairs == 1 ? "round trips, 1 pair" : "round trips, " + pairs + " pairs";
                rows.add(Row.of(name, "1/s", ours, erlang.measure(words), "rate", 1, "≥ 300 000"));
                rows.add(Row.of("… processor time of one", "µs", ours.get("cpu").times(MICROS), ""));
                rows.add(Row.of("… allocated by one", "bytes", ours.get("allocated"), ""));
            }
        }
        return rows;
    }

    static List<Row> latency(Path root, Erlang erlang) throws IOException, InterruptedException {
        String words = "latency " + Effort.amount(100_000) + " " + Figure.RUNS;
        return percentiles(root, erlang, words, "round trip, 1 pair", List.of("≤ 4", "≤ 50", ""));
    }

    /** A pair beside a second guest that floods a third, and a fourth that spins without calling the host. */
    static List<Row> quiet(Path root, Erlang erlang) throws IOException, InterruptedException {
        String words = "quiet " + Effort.amount(5000) + " " + Figure.RUNS;
        return percentiles(root, erlang, words, "round trip beside a flood and a spinner", List.of("", "≤ 500", ""));
    }

    private static List<Row> percentiles(Path root, Erlang erlang, String words, String name, List<String> aims)
            throws IOException, InterruptedException {
        try (TestedNode node = new TestedNode(root)) {
            node.start();
            Map<String, Series> ours = node.withDriver().measure(words);
            Map<String, Series> rival = erlang.measure(words);
            return List.of(Row.of(name + ", p50", "µs", ours, rival, "p50", MICROS, aims.get(0)),
                    Row.of("… p99", "µs", ours, rival, "p99", MICROS, aims.get(1)),
                    Row.of("… p99.9", "µs", ours, rival, "p999", MICROS, aims.get(2)));
        }
    }

    static List<Row> fairness(Path root, Erlang erlang) throws IOException, InterruptedException {
        String words = "rounds " + CHATTY + " " + Effort.amount(5000) + " " + FAIRNESS_RUNS;
        try (TestedNode node = new TestedNode(root)) {
            node.start();
            Map<String, Series> ours = node.withDriver().measure(words);
            return List.of(Row.of(CHATTY + " chatty pairs for 5 s: slowest of the median", "share", ours, erlang.measure(words),
                    "slowest", 1, "≥ 0.5"));
        }
    }

    static List<Row> blob(Path root, Erlang erlang) throws IOException, InterruptedException {
        try (TestedNode node = new TestedNode(root)) {
            node.start();
            return List.of(Row.of("blob of 100 MB to another guest and back", "GB/s",
                    node.withDriver().measure("blob 100000000 " + Figure.RUNS).get("rate"), "≥ 2"));
        }
    }
}
