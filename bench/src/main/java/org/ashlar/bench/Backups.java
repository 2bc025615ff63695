package org.ashlar.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.ashlar.bench.driver.Effort;

/**
 * Backups of about 1 GB of mixed files into local folders, beside a stock {@code restic} with the same tree on the same disk, in turns. Each
 * operation is a process of its own, with its start: a JVM that has run nothing yet, where a node's would be warm.
 */
final class Backups {
    /** What has changed a moment before a backup is read again by the next. */
    private static final long SETTLE_MILLIS = 3000;
    private static final int RUNS = Effort.runs(3);
    private static final String PASSWORD = "benchmark";
    private static final String TOOL = "org.ashlar.bench.backup.BackupTool";
    private static final List<String> NEEDED = List.of("/org/ashlar/api/", "/org/ashlar/repository/", "/org/ashlar/backup-local/", "/jackson-core/",
            "/zstd-jni/", "/bcprov-jdk18on/", "/slf4j-api/");
    private static final String ONE_FILE = "large/text 1";

    private final Path folder;
    private final Path tree;
    private final String classPath;
    private final boolean rival;
    private final Map<String, List<Double>> taken = new HashMap<>();

    private Backups(Path root) throws IOException, InterruptedException {
        folder = Files.createTempDirectory(Files.createDirectories(root.resolve("bench/target")), "backups");
        tree = folder.resolve("tree");
        rival = Shell.succeeds(List.of("sh", "-c", "command -v restic"));
        classPath = ClassPath.unsigned(root, NEEDED, folder);
    }

    static List<Row> backups(Path root, Erlang erlang) throws IOException, InterruptedException {
        Backups backups = new Backups(root);
        try {
            return backups.rows();
        } finally {
            delete(backups.folder);
        }
    }

    private List<Row> rows() throws IOException, InterruptedException {
        double mega = makeTree() * 1e-6;
        Thread.sleep(SETTLE_MILLIS);
        for (int run = 0; run < RUNS; run++) {
            one();
        }
        List<Row> rows = new ArrayList<>();
        rows.add(row("first backup, " + Math.round(mega) + " MB, one folder (rival: restic)", "MB/s", "first", mega, "≥ restic's"));
        rows.add(row("… processor time", "s", "first-cpu", 0, ""));
        rows.add(row("… of it in the program", "s", "first-user", 0, ""));
        rows.add(row("… into four folders, processor time", "s", "four-cpu", 0, "≤ 1.2 × that of one"));
        rows.add(row("… of it in the program", "s", "four-user", 0, ""));
        rows.add(row("backup without changes", "s", "same", 0, "≤ restic's"));
        rows.add(row("… processor time", "s", "same-cpu", 0, ""));
        rows.add(row("… in a process that did so before, as a node does", "s", "again", 0, "≤ restic's above"));
        rows.add(row("… processor time", "s", "again-cpu", 0, ""));
        rows.add(row("restore of all", "MB/s", "all", mega, "≥ restic's"));
        rows.add(row("… processor time", "s", "all-cpu", 0, ""));
        rows.add(row("… of one file of 64 MB", "s", "file", 0, "≤ restic's"));
        rows.add(row("… processor time", "s", "file-cpu", 0, ""));
        return rows;
    }

    /** @param mega what was done in so many seconds, in MB; 0: the seconds themselves */
    private Row row(String figure, String unit, String name, double mega, String aim) {
        return new Row(figure, unit, series(name, mega), aim, taken.containsKey("restic " + name) ? Optional.of(series("restic " + name, mega))
                : Optional.empty());
    }

    private Series series(String name, double mega) {
        return new Series(taken.get(name)).map(seconds -> mega == 0 ? seconds : mega / seconds);
    }

    private void one() throws IOException, InterruptedException {
        String ours = folder.resolve("ours").toString();
        String four = String.join(",", Stream.of("a", "b", "c", "d").map(name -> folder.resolve(name).toString()).toList());
        ours("init", "", ours);
        ours("backup", "first", ours, tree.toString());
        ours("backup", "same", ours, tree.toString());
        ours("again", "", ours, tree.toString());
        ours("restore", "all", ours, folder.resolve("back").toString());
        delete(folder.resolve("back"));
        ours("restore", "file", ours, folder.resolve("back").toString(), tree.resolve(ONE_FILE).toString());
        delete(folder.resolve("back"));
        ours("init", "", four);
        ours("backup", "four", four, tree.toString());
        if (rival) {
            restic("", "init");
            restic("first", "backup", tree.toString());
            restic("same", "backup", tree.toString());
            restic("all", "restore", "latest", "--target", folder.resolve("back").toString());
            delete(folder.resolve("back"));
            restic("file", "restore", "latest", "--include", tree.resolve(ONE_FILE).toString(), "--target", folder.resolve("back").toString());
        }
        for (String left : List.of("ours", "a", "b", "c", "d", "restic", "back")) {
            delete(folder.resolve(left));
        }
    }

    private void ours(String what, String name, String folders, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-Xmx512m", "-cp", classPath, TOOL, what, folder.toString(), PASSWORD, folders));
        command.addAll(List.of(more));
        time(name, command);
    }

    private void restic(String name, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("restic", "-q", "--no-cache", "-r", folder.resolve("restic").toString()));
        command.addAll(List.of(words));
        time(name.isEmpty() ? "" : "restic " + name, command);
    }

    /** Takes the time of a command, and the processor time of its threads, with those of the shell that waits for it. */
    private void time(String name, List<String> command) throws IOException, InterruptedException {
        List<String> timed = new ArrayList<>(List.of("bash", "-c", "TIMEFORMAT='%3R %3U %3S'; time \"$@\"", "time"));
        timed.addAll(Priority.of(command));
        Path times = folder.resolve("times");
        ProcessBuilder builder = new ProcessBuilder(timed).redirectError(times.toFile()).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("RESTIC_PASSWORD", PASSWORD);
        Process process = builder.start();
        int status = process.waitFor();
        List<String> said = Files.readAllLines(times);
        if (status != 0) {
            throw new IOException(name + " ended with status " + status + ": " + String.join("\n", said));
        }
        for (String line : said) {
            if (line.startsWith("again ")) {
                String[] numbers = line.split(" ");
                note("again", Double.parseDouble(numbers[1]), Double.parseDouble(numbers[2]), 0);
            }
        }
        if (!name.isEmpty()) {
            String[] numbers = said.getLast().split(" ");
            note(name, Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]), Double.parseDouble(numbers[2]));
        }
    }

    /** @param user seconds of processor time in the program itself. @param system those that the kernel worked for it, such as writing */
    private void note(String name, double seconds, double user, double system) {
        taken.computeIfAbsent(name, fresh -> new ArrayList<>()).add(seconds);
        taken.computeIfAbsent(name + "-cpu", fresh -> new ArrayList<>()).add(user + system);
        taken.computeIfAbsent(name + "-user", fresh -> new ArrayList<>()).add(user);
    }

    /** Small files, files of some megabytes and large ones; half of the bytes are text, half of it random. @return bytes */
    private long makeTree() throws IOException {
        Random random = new Random(7);
        long sum = 0;
        int share = Effort.BRIEF ? 10 : 1;
        for (int i = 0; i < 8000 / share; i++) {
            sum += write(tree.resolve("small/" + i % 100).resolve((i % 2 == 0 ? "text " : "random ") + i), 4_000 + random.nextInt(40_000), i);
        }
        for (int i = 0; i < 100 / share; i++) {
            sum += write(tree.resolve("middle").resolve((i % 2 == 0 ? "random " : "text ") + i), 1_000_000 + random.nextInt(5_000_000), -i);
        }
        for (int i = 0; i < Math.max(2, 8 / share); i++) {
            sum += write(tree.resolve("large").resolve((i % 2 == 0 ? "random " : "text ") + i), 64_000_000, 1000 + i);
        }
        return sum;
    }

    private static long write(Path file, int length, long seed) throws IOException {
        Files.createDirectories(file.getParent());
        boolean text = file.getFileName().toString().startsWith("text");
        Random random = new Random(seed);
        byte[] piece = new byte[64 << 10];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int done = 0; done < length; done += piece.length) {
                random.nextBytes(piece);
                for (int i = 0; text && i < piece.length; i++) {
                    piece[i] = (byte) "etaoin shrdlu".charAt((piece[i] & 0xff) % 13);
                }
                out.write(piece, 0, Math.min(piece.length, length - done));
            }
        }
        return length;
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
