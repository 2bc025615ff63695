package org.ashlar.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ashlar.bench.driver.Effort;

/** What processes cost: to make, to keep, and to keep the state of. */
final class Processes {
    private static final int MEMORY_RUNS = Effort.runs(5);
    private static final double MICROS = 1e-3;

    private Processes() { }

    static List<Row> spawn(Path root, Erlang erlang) throws IOException, InterruptedException {
        String words = "spawn " + Effort.amount(2000) + " " + Figure.RUNS;
        try (TestedNode node = new TestedNode(root)) {
            node.start();
            Map<String, Series> ours = node.withDriver().measure(words);
            return List.of(
                    Row.of("spawn of the C echo, as its parent sees it", "µs", ours, erlang.measure(words), "spawn", MICROS, "≤ 60"),
                    Row.of("… processor time until it waits for mail", "µs", ours.get("cpu").times(MICROS), ""));
        }
    }

    /** C echoes; the aim is the share of one in the 2 GiB that are to hold 100 000. Then guests with the WASI adapter, which nothing is aimed at. */
    static List<Row> memory(Path root, Erlang erlang) throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        for (int count : Effort.BRIEF ? List.of(1_000) : List.of(1_000, 10_000, 100_000)) {
            String words = "memory " + count;
            rows.addAll(parked(root, words, thousands(count) + " waiting C echoes", "≤ 21", count == 100_000 ? "≤ 20" : "", erlang.measure(words)));
        }
        for (int count : Effort.BRIEF ? List.of(100) : List.of(1_000, 10_000)) {
            rows.addAll(parked(root, "memory-wasi " + count, thousands(count) + " waiting Rust echoes, with the WASI adapter", "", "", Map.of()));
        }
        return rows;
    }

    /** Each run on a node of its own: a heap that was larger once is collected differently. */
    private static List<Row> parked(Path root, String words, String name, String heapAim, String timeAim, Map<String, Series> rival)
            throws IOException, InterruptedException {
        Map<String, List<Double>> taken = new TreeMap<>();
        for (int i = 0; i < MEMORY_RUNS; i++) {
            try (TestedNode node = new TestedNode(root)) {
                node.start("-Xmx2g");
                node.withDriver().measure(words).forEach((series, value) -> add(taken, series, value));
            }
        }
        return List.of(
                new Row(name + ": heap of each", "KiB", new Series(taken.get("heap")).times(1.0 / 1024), heapAim,
                        Optional.ofNullable(rival.get("heap")).map(heap -> heap.times(1.0 / 1024))),
                Row.of("… heap of all, and the node", "MiB", new Series(taken.get("total")).times(1.0 / (1 << 20)), ""),
                new Row("… started, and answered once", "s", new Series(taken.get("started")), timeAim,
                        Optional.ofNullable(rival.get("started"))));
    }

    private static String thousands(int count) {
        return String.format("%,d", count).replace(',', ' ');
    }

    /** All are asked for something again and again while the second engine comes, and while it goes. */
    static List<Row> swap(Path root, Erlang erlang) throws IOException, InterruptedException {
        int count = Effort.BRIEF ? 50 : 1_000;
        Map<String, List<Double>> taken = new TreeMap<>();
        try (TestedNode node = new TestedNode(root)) {
            node.start();
            node.withDriver().measure("install " + count);
            node.measure("talk " + count);
            for (int i = 0; i < Figure.RUNS; i++) {
                node.swap("engine-endive");
                node.measure("pauses " + count).forEach((name, value) -> add(taken, "there " + name, value));
                node.swap("--back", "engine-endive.jar");
                node.measure("pauses " + count).forEach((name, value) -> add(taken, "back " + name, value));
            }
            node.measure("hush").forEach((name, value) -> add(taken, name, value));
        }
        if (new Series(taken.get("failed")).most() > 0) {
            throw new IOException(taken.get("failed") + " Requests of " + taken.get("answered") + " were not answered");
        }
        String guests = thousands(count) + " C echoes that are asked move to the ";
        return List.of(
                Row.of(guests + "other engine: away, p50", "ms", millis(taken, "there p50"), ""),
                Row.of("… p99", "ms", millis(taken, "there p99"), "≤ 50"),
                Row.of("… the longest", "ms", millis(taken, "there most"), ""),
                Row.of("… and back: away, p50", "ms", millis(taken, "back p50"), ""),
                Row.of("… p99", "ms", millis(taken, "back p99"), "≤ 50"),
                Row.of("… the longest", "ms", millis(taken, "back most"), ""));
    }

    private static void add(Map<String, List<Double>> taken, String name, Series value) {
        taken.computeIfAbsent(name, each -> new ArrayList<>()).addAll(value.values());
    }

    private static Series millis(Map<String, List<Double>> taken, String name) {
        return new Series(taken.get(name)).times(1e-6);
    }

    static List<Row> state(Path root, Erlang erlang) throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        try (TestedNode node = new TestedNode(root)) {
            node.start();
            node.withDriver();
            for (int writers : List.of(1, 64)) {
                Map<String, Series> taken = node.measure("state " + writers + " " + Effort.amount(writers == 1 ? 500 : 100) + " " + Figure.RUNS);
                rows.add(Row.of("set-state, durable, " + writers + (writers == 1 ? " writer" : " writers"), "1/s",
                        taken.get("rate"), ""));
                rows.add(Row.of("… one write and fsync of 4 KiB there", "µs", taken.get("fsync"), ""));
            }
        }
        return rows;
    }
}
