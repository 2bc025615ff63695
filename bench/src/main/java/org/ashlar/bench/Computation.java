package org.ashlar.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.bench.driver.Effort;

/** What code of guests that only computes takes, beside V8. */
final class Computation {
    /** What is done, and how much of it for a run of roughly a tenth of a second. */
    private record Work(String name, int kind, long amount) { }

    private static final List<Work> ALL = List.of(
            new Work("integer loop (Collatz)", 0, 300_000),
            new Work("SHA-256", 1, 30),
            new Work("scan of JSON", 2, 100),
            new Work("zlib, there and back", 3, 6));

    private Computation() { }

    static List<Row> cpu(Path root, Erlang erlang) throws IOException, InterruptedException {
        if (!V8.isHere()) {
            System.err.println("Node is not here, so V8's columns stay empty (Debian: apt-get install nodejs)");
        }
        List<Row> rows = new ArrayList<>();
        try (TestedNode node = new TestedNode(root)) {
            node.start();
            node.withDriver();
            for (Work work : ALL) {
                String numbers = work.kind() + " " + Effort.amount(work.amount()) + " " + Figure.RUNS;
                Map<String, Series> ours = node.measure("cpu " + numbers);
                Map<String, Series> theirs = V8.measure(root, numbers);
                rows.add(new Row(work.name() + ", in C", "ms", ours.get("ms"), "", Optional.ofNullable(theirs.get("ms"))));
                if (!theirs.isEmpty()) {
                    if (ours.get("sum").median() != theirs.get("sum").median()) {
                        throw new IOException("V8 and the node's engine computed something else: " + work.name());
                    }
                    double rival = theirs.get("ms").median();
                    rows.add(Row.of("… V8's time so many times", "×", ours.get("ms").times(1 / rival), "≤ 2.0, then ≤ 1.5"));
                }
            }
        }
        return rows;
    }
}
