package org.ashlar.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows as a Markdown table that a person can also read as it is. */
final class Table {
    private static final List<String> HEAD = List.of("figure", "unit", "median", "least – most", "runs", "aim", "rival",
            "rival least – most");

    private final List<List<String>> lines = new ArrayList<>(List.of(HEAD));

    void add(Row row) {
        lines.add(List.of(row.figure(), row.unit(), number(row.ours().median()), spread(row.ours()),
                Integer.toString(row.ours().values().size()), row.aim(),
                row.rival().map(Series::median).map(Table::number).orElse(""), row.rival().map(Table::spread).orElse("")));
    }

    @Override
    public String toString() {
        int[] widths = new int[HEAD.size()];
        lines.forEach(line -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        });
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            append(text, line, widths, " ");
            if (line == HEAD) {
                append(text, HEAD.stream().map(column -> "").toList(), widths, "-");
            }
        }
        return text.toString();
    }

    private static void append(StringBuilder text, List<String> line, int[] widths, String filler) {
        for (int i = 0; i < widths.length; i++) {
            text.append("| ").append(line.get(i)).append(filler.repeat(widths[i] - line.get(i).length())).append(' ');
        }
        text.append("|\n");
    }

    private static String spread(Series series) {
        return number(series.least()) + " – " + number(series.most());
    }

    /** Three digits that count, thousands apart. */
    static String number(double value) {
        double size = Math.abs(value);
        int decimals = size >= 100 || value == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value).replace(',', ' ');
    }
}
