package org.ashlar.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.ashlar.bench.driver.Effort;
import org.ashlar.bench.net.Crowd;
import org.ashlar.bench.net.Handshakes;
import org.ashlar.bench.net.NatsRival;
import org.ashlar.bench.net.TlsRival;

/** What goes between nodes: two real ones on loopback, in a JVM each, and what a connection costs. */
final class Network {
    private static final int RUNS = Effort.runs(5);
    private static final double MEGA = 1e-6;
    private static final double MICROS = 1e-3;
    private static final int BLOB = 1 << 20;
    private static final int BLOBS_AT_ONCE = 8;
    private static final int MANY = 100;
    private static final int IDLE = Effort.BRIEF ? 200 : 5_000;
    /** Connections before those that are counted: what they all share is no part of the price of one. */
    private static final int BEFORE = 50;
    private static final List<String> NODE_JARS = List.of("/org/ashlar/api/", "/org/ashlar/codec/", "/org/ashlar/noise/", "/bcprov-jdk18on/",
            "/jackson-core/", "/msgpack-core/", "/slf4j-api/");
    private static final String NATS = "nats-server";

    private Network() { }

    static List<Row> handshakes(Path root, Erlang erlang) throws IOException, InterruptedException {
        Map<String, Series> taken = Series.parse(Shell.run(Map.of(), Priority.of(ClassPath.java(ClassPath.of(root, NODE_JARS), List.of(),
                Handshakes.class, Effort.amount(1_000), RUNS))));
        return List.of(Row.of("handshakes of nodes, both sides, in a second of one processor", "1/s", taken.get("nodes"), "≥ 400"),
                new Row("… the bare Noise handshake in them (rival: noise-java)", "1/s", taken.get("bare"), "", Optional.of(taken.get("rival"))));
    }

    /** Two nodes that know each other; the second has echoes. */
    private record Two(TestedNode one, TestedNode other) implements AutoCloseable {
        static Two start(Path root) throws IOException, InterruptedException {
            Two two = new Two(new TestedNode(root), new TestedNode(root, "other.os"));
            try {
                two.one.start();
                two.other.start();
                two.one.addPeer(two.other.card());
                two.other.addPeer(two.one.card());
                two.other.withDriver().measure("echoes " + MANY);
                two.one.withDriver();
                return two;
            } catch (IOException e) {
                two.close();
                throw e;
            }
        }

        @Override
        public void close() throws IOException, InterruptedException {
            try {
                one.close();
            } finally {
                other.close();
            }
        }
    }

    static List<Row> remote(Path root, Erlang erlang) throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        try (Two nodes = Two.start(root)) {
            long millis = Effort.amount(2_000);
            for (int flight : List.of(1, MANY)) {
                Map<String, Series> ours = nodes.one.measure("remote " + flight + " " + millis + " " + RUNS);
                rows.add(new Row("round trips between two nodes, " + flight + " in flight (rival: NATS)", "1/s", ours.get("rate"),
                        flight == 1 ? "≥ 8 000" : "≥ 60 000", nats(root, flight, millis)));
                rows.add(Row.of("… processor time of one, of both nodes", "µs", ours.get("cpu").times(MICROS), ""));
            }
        }
        return rows;
    }

    /** The same over a NATS server between two JVMs; empty when there is none. */
    private static Optional<Series> nats(Path root, int flight, long millis) throws IOException, InterruptedException {
        if (!Shell.succeeds(List.of("sh", "-c", "command -v " + NATS))) {
            return Optional.empty();
        }
        String classPath = ClassPath.of(root, List.of());
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String server = "nats://127.0.0.1:" + port;
        Process broker = background(List.of(NATS, "-a", "127.0.0.1", "-p", String.valueOf(port)));
        try {
            Process answering = background(ClassPath.java(classPath, List.of(), NatsRival.class, "answer", server));
            try {
                line(answering);
                return Optional.of(Series.parse(Shell.run(Map.of(), Priority.of(ClassPath.java(classPath, List.of(), NatsRival.class, "ask",
                        server, flight, millis, RUNS)))).get("rate"));
            } finally {
                end(answering);
            }
        } finally {
            end(broker);
        }
    }

    static List<Row> bulk(Path root, Erlang erlang) throws IOException, InterruptedException {
        long millis = Effort.amount(3_000);
        Map<String, Series> ours;
        try (Two nodes = Two.start(root)) {
            ours = nodes.one.measure("bulk " + BLOBS_AT_ONCE + " " + BLOB + " " + millis + " " + RUNS);
        }
        return List.of(new Row("blobs of 1 MiB to guests of another node and back, " + BLOBS_AT_ONCE + " at a time (rival: TLS 1.3)", "MB/s",
                        ours.get("rate").times(MEGA), "≥ 300", Optional.of(tls(root, millis).times(MEGA))),
                Row.of("… processor time of a megabyte, of both nodes", "ms", ours.get("cpu"), ""));
    }

    /** The same bytes over one connection of the JDK's TLS between two JVMs. */
    private static Series tls(Path root, long millis) throws IOException, InterruptedException {
        String classPath = ClassPath.of(root, List.of());
        Path store = Files.createTempDirectory("ashlar-bench").resolve("key.p12");
        Shell.run(Map.of(), List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-keyalg", "EC",
                "-dname", "CN=bench", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", TlsRival.PASSWORD));
        Process answering = background(ClassPath.java(classPath, List.of(), TlsRival.class, "answer", store, BLOB));
        try {
            return Series.parse(Shell.run(Map.of(), Priority.of(ClassPath.java(classPath, List.of(), TlsRival.class, "ask", store, BLOB,
                    line(answering), BLOBS_AT_ONCE, millis, RUNS)))).get("rate");
        } finally {
            end(answering);
            Files.delete(store);
            Files.delete(store.getParent());
        }
    }

    /** Each run on a node of its own, which is connected with many that say nothing. */
    static List<Row> idle(Path root, Erlang erlang) throws IOException, InterruptedException {
        List<Double> heap = new ArrayList<>();
        List<Double> resident = new ArrayList<>();
        String classPath = ClassPath.of(root, NODE_JARS);
        for (int i = 0; i < RUNS; i++) {
            try (TestedNode node = new TestedNode(root)) {
                node.start(); // makes the home
                node.stop();
                Shell.run(Map.of(), ClassPath.java(classPath, List.of(), Crowd.class, "cards", IDLE + BEFORE, node.peers()));
                node.start("-Dashlar.net.peers=" + (IDLE + BEFORE));
                node.withDriver();
                Process crowd = background(ClassPath.java(classPath, List.of(), Crowd.class, "connect", node.card()));
                try {
                    connect(crowd, BEFORE);
                    Map<String, Series> before = node.measure("keeps");
                    connect(crowd, IDLE);
                    Map<String, Series> after = node.measure("keeps");
                    heap.add((after.get("heap").median() - before.get("heap").median()) / IDLE / 1024);
                    resident.add((after.get("resident").median() - before.get("resident").median()) / IDLE / 1024);
                } finally {
                    end(crowd);
                }
            }
        }
        return List.of(Row.of(String.format("%,d", IDLE).replace(',', ' ') + " idle connections with as many nodes: heap of each", "KiB",
                new Series(heap), "≤ 64"), Row.of("… resident memory of each", "KiB", new Series(resident), "≤ 64"));
    }

    private static void connect(Process crowd, int more) throws IOException {
        crowd.outputWriter().write(more + "\n");
        crowd.outputWriter().flush();
        line(crowd);
    }

    private static Process background(List<String> command) throws IOException {
        return new ProcessBuilder(Priority.of(command)).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static String line(Process process) throws IOException {
        BufferedReader output = process.inputReader();
        String line = output.readLine();
        if (line == null) {
            throw new IOException(process.info().commandLine().orElse("what is measured beside") + " has ended without a word");
        }
        return line;
    }

    private static void end(Process process) throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        process.waitFor(10, TimeUnit.SECONDS);
    }
}
