package org.ashlar.conformance.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The text of {@code docs/conformance.md}. */
final class Document {
    private static final String VECTORS = "<!-- component-model -->";
    private static final String END_OF_VECTORS = "<!-- /component-model -->";

    private static final String NETWORK = "Identity and the peer-to-peer network";
    /** Cases that say the same as others. */
    private static final Map<String, String> SAME = Map.of("M15", "K32", "M16", "K33");
    private static final Pattern ROW = Pattern.compile("\\| ([KM][0-9]+) \\| (.+) \\| `(.+)` \\| (\\**)(passes|fails)\\4 \\|");

    /** A part of the system and the cases that must hold for it. */
    private record Part(String title, List<String> numbers) { }

    private static final List<Part> PARTS = List.of(new Part("A node that runs real Wasm processes",
            numbers("K", 1, 30, 32, 32, 37, 65, 67, 69, 71, 72)),
            new Part(NETWORK, Stream.of(numbers("K", 31, 31, 33, 36, 66, 66), numbers("M", 1, 31)).flatMap(List::stream).toList()),
            new Part("Files and state that survive", Stream.of(numbers("K", 70, 70), numbers("M", 41, 63)).flatMap(List::stream).toList()));

    private Document() { }

    private static List<String> numbers(String letter, int... bounds) {
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < bounds.length; i += 2) {
            IntStream.rangeClosed(bounds[i], bounds[i + 1]).forEach(number -> numbers.add(letter + number));
        }
        return numbers;
    }

    /** @param componentModel what the component library says of its own vectors, as Markdown */
    static String of(List<CaseResult> results, String componentModel) {
        StringBuilder text = new StringBuilder("""
                # Conformance
                The cases that a node must meet, each a test with a real guest (the [probe](../itest/probe/README.md)) on a whole node, or,
                of the network, one on real sockets in the bundle, and how it ended. This page is made from a run; the build fails when
                the two differ. To renew it:

                    mvn verify -Dconformance.update=true -Dconformance.dir=FOLDER

                FOLDER holds the public test vectors; without it, what an earlier run said about them stays.

                """);
        for (Part part : PARTS) {
            text.append("## ").append(part.title()).append("\n\n| case | what holds | test | result |\n|---|---|---|---|\n");
            part.numbers().forEach(number -> rows(text, number, results));
            remarks(text, part, results);
            text.append('\n');
        }
        String section = componentModel.strip().replaceFirst("^# ", "## ");
        return text.append(VECTORS).append('\n').append(section).append('\n').append(END_OF_VECTORS).append('\n').toString();
    }

    private static void rows(StringBuilder text, String number, List<CaseResult> results) {
        List<CaseResult> tests = testsOf(number, results);
        tests.forEach(each -> row(text, number, each.sentence(), "`" + each.test() + "`", each.passed() ? "passes" : "**fails**"));
        if (tests.isEmpty()) {
            row(text, number, "", "", "**no test**");
        }
    }

    private static void row(StringBuilder text, String... cells) {
        text.append("| ").append(String.join(" | ", cells).replace("  ", " ")).append(" |\n");
    }

    private static void remarks(StringBuilder text, Part part, List<CaseResult> results) {
        List<String> remarks = part.numbers().stream().flatMap(number -> testsOf(number, results).stream())
                .filter(each -> !each.remark().isEmpty()).map(each -> "* **" + each.number() + "**: " + each.remark() + "\n").toList();
        if (!remarks.isEmpty()) {
            text.append("\nRemarks:\n");
            remarks.forEach(text::append);
        }
    }

    private static List<CaseResult> testsOf(String number, List<CaseResult> results) {
        String wanted = SAME.getOrDefault(number, number);
        return results.stream().filter(each -> each.number().equals(wanted)).toList();
    }

    /**
     * The results of the network's cases: those of this run, and where there was none, what the document says. They come from
     * other modules, which need not have been tested just now.
     */
    static List<CaseResult> withThoseOf(String committed, List<CaseResult> run) {
        SortedMap<String, CaseResult> results = new TreeMap<>();
        int from = committed.indexOf("## " + NETWORK);
        if (from >= 0) {
            committed.substring(from, committed.indexOf("\n## ", from)).lines().map(ROW::matcher).filter(Matcher::matches)
                    .filter(row -> !SAME.containsKey(row.group(1)))
                    .map(row -> new CaseResult(row.group(1), row.group(2), row.group(3), row.group(5).equals("passes"), ""))
                    .forEach(each -> results.put(each.test(), each));
        }
        run.forEach(each -> results.put(each.test(), each));
        return List.copyOf(results.values());
    }

    /** What an earlier document says of the component model. */
    static String componentModelOf(String document) {
        int from = document.indexOf(VECTORS);
        int to = document.indexOf(END_OF_VECTORS);
        return from < 0 || to < from ? "## WebAssembly component-model test suite\n\nNot run yet." : document.substring(from + VECTORS.length(), to).strip();
    }
}
