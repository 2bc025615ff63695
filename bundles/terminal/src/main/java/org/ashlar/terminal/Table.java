package org.ashlar.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ashlar.control.Invocation;

/** Columns that line up. On a terminal the last one is cut at the edge; elsewhere nothing is. */
final class Table {
    private static final String GAP = "  ";
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    /** @param header a column whose name ends with {@code >} is flush right */
    Table(String... header) {
        this.header = List.of(header);
    }

    /** One value for each column; shown by {@code toString}. */
    void row(Object... values) {
        rows.add(Arrays.stream(values).map(value -> Printable.line(String.valueOf(value))).toList());
    }

    String render(Invocation.Screen screen) {
        int columns = header.size();
        int[] widths = new int[columns];
        for (int i = 0; i < columns; i++) {
            int column = i;
            widths[i] = rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
            widths[i] = Math.max(widths[i], title(i).length());
        }
        StringBuilder text = new StringBuilder();
        List<String> titles = java.util.stream.IntStream.range(0, columns).mapToObj(this::title).toList();
        String first = cut(line(titles, widths), screen);
        text.append(screen.colour() ? BOLD + first + PLAIN : first).append('\n');
        rows.forEach(row -> text.append(cut(line(row, widths), screen)).append('\n'));
        return text.toString();
    }

    private String title(int column) {
        return header.get(column).replace(">", "");
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String pad = " ".repeat(widths[i] - row.get(i).length());
            line.append(i == 0 ? "" : GAP).append(header.get(i).endsWith(">") ? pad + row.get(i) : row.get(i) + pad);
        }
        return line.toString().stripTrailing();
    }

    private static String cut(String line, Invocation.Screen screen) {
        return screen.terminal() && line.length() > screen.columns() ? line.substring(0, screen.columns() - 1) + "…" : line;
    }
}
