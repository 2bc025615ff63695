package org.ashlar.component;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The component-model test suite, as far as it is not about asynchronous calls. What passes is written to
 * {@code target/conformance/component-model.md} and must not fall below {@code conformance-floor.txt}.
 */
class ConformanceTest {
    private static final Path REPORT = Path.of("target", "conformance", "component-model.md");

    @Test
    void passesAsManyCasesOfThePublicSuiteAsItEverDid() throws IOException {
        String folder = System.getProperty("conformance.dir", "");
        Assumptions.assumeFalse(folder.isEmpty(),
                "the public vectors are not there: give their folder as -Dconformance.dir=FOLDER");
        Map<String, ConformanceScript> results = new TreeMap<>();
        try (Stream<Path> files = Files.list(Path.of(folder, "component-model"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".script")).sorted().toList()) {
                results.put(file.getFileName().toString().replace(".script", ""), ConformanceScript.run(file));
            }
        }
        assertFalse(results.isEmpty(), "no scripts in " + folder);
        write(results);
        List<String> fallen = new ArrayList<>();
        floor().forEach((name, floor) -> {
            int passed = results.containsKey(name) ? results.get(name).passed : 0;
            if (passed < floor) {
                fallen.add(name + ": " + passed + " passed, " + floor + " did before" + results.get(name).failures);
            }
        });
        assertTrue(fallen.isEmpty(), () -> String.join("\n", fallen));
    }

    private static Map<String, Integer> floor() throws IOException {
        Map<String, Integer> floor = new TreeMap<>();
        try (InputStream in = ConformanceTest.class.getResourceAsStream("/conformance-floor.txt")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" ")).forEach(row -> floor.put(row[0], Integer.valueOf(row[1])));
        }
        return floor;
    }

    private static void write(Map<String, ConformanceScript> results) throws IOException {
        StringBuilder report = new StringBuilder("""
                # WebAssembly component-model test suite

                Without its asynchronous part. Cases that use asynchronous built-ins count as unsupported.

                | file | passed | failed | unsupported |
                |---|---:|---:|---:|
                """);
        int passed = 0;
        int failed = 0;
        int unsupported = 0;
        for (Map.Entry<String, ConformanceScript> entry : results.entrySet()) {
            ConformanceScript script = entry.getValue();
            report.append("| ").append(entry.getKey().replace('_', '/')).append(" | ").append(script.passed).append(" | ")
                    .append(script.failures.size()).append(" | ").append(script.unsupported).append(" |\n");
            passed += script.passed;
            failed += script.failures.size();
            unsupported += script.unsupported;
        }
        report.append("| **all** | **").append(passed).append("** | **").append(failed).append("** | **").append(unsupported)
                .append("** |\n");
        results.forEach((name, script) -> script.failures.forEach(failure ->
                report.append("\n* `").append(name).append("` ").append(failure.replace("\n", " ")).append('\n')));
        Files.createDirectories(REPORT.getParent());
        Files.writeString(REPORT, report);
    }
}
