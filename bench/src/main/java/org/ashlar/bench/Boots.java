package org.ashlar.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** From the command line to a ready node, and from a component to its first answer. */
final class Boots {
    private static final int KEPT = 100;

    private Boots() { }

    static List<Row> boot(Path root, Erlang erlang) throws IOException, InterruptedException {
        try (TestedNode node = new TestedNode(root)) {
            Row plain = Row.of("boot to ready, warm, without its classes archived", "ms", starts(node), "≤ 1 500");
            node.recordArchive();
            return List.of(plain, Row.of("… with them", "ms", starts(node), "≤ 1 000"));
        }
    }

    static List<Row> restart(Path root, Erlang erlang) throws IOException, InterruptedException {
        try (TestedNode node = new TestedNode(root)) {
            node.start();
            node.withDriver().measure("install " + KEPT);
            node.removeDriver();
            node.stop();
            Series starts = starts(node);
            node.start();
            node.withDriver().measure("answering " + KEPT); // fails unless all of them came back
            return List.of(Row.of("restart with " + KEPT + " processes", "ms", starts, ""));
        }
    }

    /** The first start, which makes the home or fills the file system's cache, does not count. */
    private static Series starts(TestedNode node) throws IOException, InterruptedException {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i <= Figure.RUNS; i++) {
            millis.add(node.start());
            node.stop();
        }
        return new Series(millis.subList(1, millis.size()));
    }

    static List<Row> load(Path root, Erlang erlang) throws IOException, InterruptedException {
        List<Double> compiled = new ArrayList<>();
        List<Double> cached = new ArrayList<>();
        List<Double> shared = new ArrayList<>();
        try (TestedNode node = new TestedNode(root)) {
            for (int i = 0; i < Figure.RUNS; i++) {
                node.emptyCache();
                compiled.add(load(node, new ArrayList<>()));
                cached.add(load(node, shared));
            }
        }
        return List.of(
                Row.of("C echo's first answer on a fresh node, compiled", "ms", new Series(compiled), ""),
                Row.of("… its code in the cache on disk", "ms", new Series(cached), ""),
                Row.of("… another of the same", "ms", new Series(shared), ""));
    }

    private static double load(TestedNode node, List<Double> second) throws IOException, InterruptedException {
        node.start();
        var taken = node.withDriver().measure("load");
        node.stop();
        second.add(taken.get("second").median());
        return taken.get("first").median();
    }
}
