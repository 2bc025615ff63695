package org.ashlar.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** {@code ashlar bench [--brief] [NAME…]}: takes the figures of these names, or all, and prints them as a table. */
public final class Main {
    private static final int WRONG_USAGE = 2;
    private static final int FAILED = 1;

    private Main() { }

    /** @param arguments the folder of the source tree, then names */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path root = Path.of(arguments[0]);
        List<String> names = Arrays.stream(arguments).skip(1).toList();
        List<String> known = Figure.ALL.stream().map(Figure::name).toList();
        if (!known.containsAll(names)) {
            System.err.println("ashlar: bench takes any of " + String.join(", ", known) + ", not " + String.join(" ", names));
            System.exit(WRONG_USAGE);
        }
        Erlang erlang = Erlang.find(root);
        if (!erlang.isHere()) {
            System.err.println("Erlang is not here, so its columns stay empty (Debian: apt-get install erlang-base)");
        }
        Table table = new Table();
        boolean all = true;
        for (Figure figure : Figure.ALL) {
            if (names.isEmpty() || names.contains(figure.name())) {
                all &= take(figure, root, erlang, table);
            }
        }
        String result = Machine.describe(erlang) + "\n" + table;
        System.out.print(result);
        Path file = root.resolve("bench/target/results.md");
        Files.writeString(file, result);
        System.err.println("written to " + root.relativize(file));
        System.exit(all ? 0 : FAILED);
    }

    private static boolean take(Figure figure, Path root, Erlang erlang, Table table) throws InterruptedException {
        System.err.println("measuring " + figure.name() + " …");
        try {
            figure.taking().rows(root, erlang).forEach(table::add);
            return true;
        } catch (IOException e) {
            System.err.println("ashlar: " + figure.name() + " could not be measured: " + e.getMessage());
            return false;
        }
    }
}
