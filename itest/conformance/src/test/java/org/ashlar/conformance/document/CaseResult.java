package org.ashlar.conformance.document;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How one test of a case ended.
 *
 * @param number   such as {@code K17}
 * @param sentence what must hold
 * @param test     {@code Class.method}
 * @param passed   whether it does
 * @param remark   what else a reader must know, or empty
 */
record CaseResult(String number, String sentence, String test, boolean passed, String remark) {
    private static final Pattern DISPLAY_NAME = Pattern.compile("([KM][0-9]+) (.+)");
    private static final String SEPARATOR = "\t";

    /** The result of a test with this display name, if it is the test of a case. */
    static Optional<CaseResult> of(String displayName, String test, boolean passed, Optional<String> remark) {
        Matcher matcher = DISPLAY_NAME.matcher(displayName);
        return matcher.matches()
                ? Optional.of(new CaseResult(matcher.group(1), matcher.group(2), test, passed, remark.orElse("")))
                : Optional.empty();
    }

    static void write(Path file, List<CaseResult> results) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, results.stream().map(each -> String.join(SEPARATOR, each.number, each.sentence, each.test,
                String.valueOf(each.passed), each.remark)).toList());
    }

    static List<CaseResult> read(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(line -> line.split(SEPARATOR, -1))
                    .map(field -> new CaseResult(field[0], field[1], field[2], Boolean.parseBoolean(field[3]), field[4])).toList();
        }
    }
}
