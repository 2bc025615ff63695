package org.ashlar.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ashlar.bench.driver.Effort;

/**
 * A node on a home of its own, started and spoken to with the real command.
 * <p>
 * Life cycle: {@link #start} and {@link #stop} in turn, as often as needed; {@link #close} stops it and removes the home.
 */
final class TestedNode implements AutoCloseable {
    /** What the command prints once the node is ready. */
    private static final String READY = " is up ";
    private static final String DRIVER = "our@driver:bench:ashlar";
    /** Longest that one measurement takes, in seconds. */
    private static final int PATIENCE = 600;
    private static final int DRIVER_TRIES = 100;
    /** What comes first where classes are looked for. */
    private static final Path OWN_JAR = Path.of(System.getProperty("java.class.path").split(File.pathSeparator)[0]);

    private final Path root;
    private final String name;
    private final Path home;
    private Optional<Process> running = Optional.empty();
    private String archive = "never";

    TestedNode(Path root) throws IOException {
        this(root, "bench.os");
    }

    TestedNode(Path root, String name) throws IOException {
        this.root = root;
        this.name = name;
        this.home = Files.createTempDirectory("ashlar-bench");
    }

    /** Starts it and waits until it is ready. @return how long that took, in milliseconds, the command's own start included */
    double start(String... jvmOptions) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Priority.of(
                List.of(command(), "up", "--foreground", "--name", name, "--home", home.toString())));
        builder.redirectErrorStream(true);
        builder.environment().put("ASHLAR_ARCHIVE", archive);
        builder.environment().put("JDK_JAVA_OPTIONS", String.join(" ", jvmOptions)
                + " -D" + Effort.PROPERTY + "=" + Effort.BRIEF);
        long begun = System.nanoTime();
        Process process = builder.start();
        running = Optional.of(process);
        BufferedReader output = process.inputReader();
        StringBuilder said = new StringBuilder();
        String line = output.readLine();
        while (line != null && !line.contains(READY)) {
            said.append(line).append('\n');
            line = output.readLine();
        }
        double millis = (System.nanoTime() - begun) / 1e6;
        if (line == null) {
            throw new IOException("the node did not start: " + said);
        }
        Thread.ofVirtual().start(() -> output.lines().forEach(rest -> { })); // or the node would wait for a reader
        return millis;
    }

    /** Has the node record its classes, and from then on start with them. */
    void recordArchive() throws IOException, InterruptedException {
        Path file = home.resolveSibling(home.getFileName() + ".aot");
        archive = file.toString();
        start();
        for (int i = 0; !Files.exists(file); i++) {
            if (i == PATIENCE) {
                throw new IOException("no archive was recorded");
            }
            TimeUnit.SECONDS.sleep(1);
        }
        stop();
    }

    private String command() {
        return root.resolve("ashlar").toString();
    }

    void stop() throws IOException, InterruptedException {
        Process process = running.orElseThrow();
        running = Optional.empty();
        Shell.run(Map.of(), List.of(command(), "down", "--home", home.toString()));
        process.waitFor();
    }

    /** Hot-deploys the driver and waits until it answers. */
    TestedNode withDriver() throws IOException, InterruptedException {
        Path copy = home.resolve("driver.jar");
        Files.copy(OWN_JAR, copy, StandardCopyOption.REPLACE_EXISTING);
        Files.move(copy, driver(), StandardCopyOption.ATOMIC_MOVE);
        for (int i = 0; i < DRIVER_TRIES; i++) {
            if (Shell.succeeds(message("answering 0"))) {
                return this;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IOException("the driver does not answer on the node at " + home);
    }

    /** What others need to know of it. */
    String card() throws IOException, InterruptedException {
        return Shell.run(Map.of(), List.of(command(), "card", "--home", home.toString())).strip();
    }

    /** Has it know another. */
    void addPeer(String card) throws IOException, InterruptedException {
        Shell.run(Map.of(), List.of(command(), "peer", "add", card, "--home", home.toString()));
    }

    /** The file in which it finds whom it knows when it starts. */
    Path peers() {
        return home.resolve("identity/peers");
    }

    /** Moves all guests to another engine of the distribution, or back; returns when they have moved. */
    void swap(String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(command(), "swap"));
        words.addAll(List.of(arguments));
        words.addAll(List.of("--home", home.toString()));
        Shell.run(Map.of(), words);
    }

    void removeDriver() throws IOException {
        Files.deleteIfExists(driver());
    }

    private Path driver() {
        return home.resolve("deploy/bench.jar");
    }

    /** Has the driver take a measurement. @param words its name and numbers; see the package of the driver */
    Map<String, Series> measure(String words) throws IOException, InterruptedException {
        String answer = Shell.run(Map.of(), message(words));
        if (answer.startsWith("failed")) {
            throw new IOException("\"" + words + "\" " + answer);
        }
        return Series.parse(answer);
    }

    private List<String> message(String words) {
        return List.of(command(), "m", DRIVER, words, "-a", Integer.toString(PATIENCE), "--home", home.toString());
    }

    /** Forgets the code compiled for components. */
    void emptyCache() throws IOException {
        remove(home.resolve("cache"));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (running.isPresent()) {
            stop();
        }
        remove(home);
        for (String left : List.of(archive, archive + ".tried")) {
            Files.deleteIfExists(Path.of(left));
        }
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
