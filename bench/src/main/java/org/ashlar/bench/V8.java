package org.ashlar.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The rival for what only computes: the same module in Node's V8 ({@code bench/rivals/cpu.mjs}). Absent, it has no figures. */
final class V8 {
    private V8() { }

    static boolean isHere() {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, "node")));
    }

    /** @param numbers kind of work, how much of it, runs. @return empty when it is not here */
    static Map<String, Series> measure(Path root, String numbers) throws IOException, InterruptedException {
        if (!isHere()) {
            return Map.of();
        }
        List<String> command = new ArrayList<>(List.of("node", root.resolve("bench/rivals/cpu.mjs").toString(),
                root.resolve("bench/guests/compute.wasm").toString()));
        command.addAll(List.of(numbers.split(" ")));
        return Series.parse(Shell.run(Map.of(), Priority.of(command)));
    }
}
