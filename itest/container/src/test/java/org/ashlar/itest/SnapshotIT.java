package org.ashlar.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.inject.Inject;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.store.FileStore;
import org.ashlar.api.store.Snapshot;
import org.ashlar.api.store.Snapshotable;
import org.ashlar.api.store.Snapshotable.Entry;
import org.ashlar.api.store.StateStore;
import org.ashlar.api.store.StateStore.Change;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.sqlite.SQLiteConfig;

/** All parts of the running node that can be cut, cut at one moment while many write into all of them. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SnapshotIT {
    private static final String READY = "(osgi.condition.id=org.ashlar.ready)";
    private static final ProcessId SELF = ProcessId.parse("itest:test:sys");
    private static final PackageId OWNER = PackageId.parse("cut:tester");
    private static final Pattern PROCESS = Pattern.compile("\"w-(\\d+)-(\\d+):cut:tester\"");
    private static final int WRITERS = 64;
    private static final int CUTS = 5;

    @Inject
    private BundleContext context;
    @Inject
    private Kernel kernel;
    @Inject
    private StateStore store;
    @Inject
    private FileStore files;
    private final AtomicIntegerArray begun = new AtomicIntegerArray(WRITERS);
    private final AtomicIntegerArray acknowledged = new AtomicIntegerArray(WRITERS);
    private byte[] component;

    @Configuration
    public Option[] configure() throws Exception {
        Path home = Files.createDirectories(Path.of(System.getProperty("itest.dir"))).toRealPath();
        return new Option[] {NodeProvisioning.node(Files.createTempDirectory(home, "home"))};
    }

    @Before
    public void theNodeIsReady() throws Exception {
        component = Files.readAllBytes(Path.of(System.getProperty("itest.component")));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (context.getServiceReferences((String) null, READY) == null) {
            assertTrue("the node is ready within 60 s", System.nanoTime() < end);
            Thread.sleep(20);
        }
    }

    @Test
    public void underSixtyFourWritersAllPartsShowTheSameMoment() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                writers.add(threads.submit(() -> {
                    for (int value = 1; !enough.get(); value++) {
                        write(writer, value);
                    }
                    return null;
                }));
            }
            try {
                for (int i = 0; i < CUTS; i++) {
                    writersComeOn();
                    cut();
                }
            } finally {
                enough.set(true);
            }
            for (Future<?> writer : writers) {
                writer.get(60, TimeUnit.SECONDS);
            }
        }
    }

    /** Into the drives, then the kernel, then the store; each is acknowledged before the next begins. */
    private void write(int writer, int value) throws Exception {
        begun.set(writer, value);
        Path fresh = Files.createDirectory(files.staging().resolve("drive"));
        Files.write(fresh.resolve("value"), text(value));
        files.replace(OWNER, "w-" + writer, fresh).keep();
        String answer = new String(kernel.ask(SELF, kernel.address(), Request.of("""
                {"InitializeProcess":{"id":"w-%d-%d:cut:tester","wasm_bytes_handle":"","wit_version":1,
                 "on_exit":"Restart","initial_capabilities":[],"public":false}}""".formatted(writer, value)).expecting(60),
                Optional.of(Blob.of(component))).toCompletableFuture().get().response().body(), StandardCharsets.UTF_8);
        assertEquals("\"InitializedProcess\"", answer);
        store.commit(List.of(new Change("itest", "w-" + writer, Optional.of(text(value)))));
        acknowledged.set(writer, value);
    }

    private static byte[] text(int value) {
        return Integer.toString(value).getBytes(StandardCharsets.US_ASCII);
    }

    /** Waits until each writer has on average been once round. */
    private void writersComeOn() throws InterruptedException {
        int before = IntStream.of(values(acknowledged)).sum();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (IntStream.of(values(acknowledged)).sum() < before + WRITERS) {
            assertTrue("the writers come on", System.nanoTime() < end);
            Thread.sleep(5);
        }
    }

    private void cut() throws Exception {
        int[] before = values(acknowledged);
        try (Snapshot snapshot = take()) {
            int[] after = values(begun);
            // Time in which what is kept might be lost.
            Thread.sleep(50);
            Map<String, Snapshotable> parts = new TreeMap<>();
            snapshot.parts().forEach(part -> parts.put(part.name(), part));
            assertTrue(parts.keySet().toString(), parts.keySet().containsAll(List.of("kernel", "store", "vfs")));
            int[] inStore = inStore(parts.get("store").open());
            int[] inKernel = inKernel(parts.get("kernel").open());
            int[] inFiles = inFiles(parts.get("vfs").open());
            for (int i = 0; i < WRITERS; i++) {
                String seen = "writer " + i + ": drives " + inFiles[i] + ", kernel " + inKernel[i] + ", store " + inStore[i];
                assertTrue(seen + "; acknowledged before: " + before[i], inStore[i] >= before[i]);
                assertTrue(seen + "; begun by then: " + after[i], inFiles[i] <= after[i]);
                assertTrue(seen + ": not one moment", inFiles[i] >= inKernel[i] && inKernel[i] >= inStore[i]
                        && inStore[i] >= inFiles[i] - 1);
            }
        }
    }

    /** A part that was busy for too long is worth another try. */
    private Snapshot take() throws Exception {
        List<Snapshotable> parts = new ArrayList<>(List.of(new Slow()));
        for (ServiceReference<Snapshotable> reference : context.getServiceReferences(Snapshotable.class, null)) {
            parts.add(context.getService(reference));
        }
        IOException last = null;
        for (int attempt = 0; attempt < 50; attempt++) {
            try {
                return Snapshot.take(parts);
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private static int[] inStore(List<Entry> entries) throws Exception {
        Path copy = Files.createTempFile("store", ".db");
        try (InputStream in = entries.getFirst().read()) {
            Files.write(copy, in.readAllBytes());
        }
        int[] values = new int[WRITERS];
        try (Connection connection = new SQLiteConfig().createConnection("jdbc:sqlite:" + copy);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select key, value from entries where tab = 'itest'")) {
            while (rows.next()) {
                String key = new String(rows.getBytes(1), StandardCharsets.US_ASCII);
                values[Integer.parseInt(key.substring(2))] =
                        Integer.parseInt(new String(rows.getBytes(2), StandardCharsets.US_ASCII));
            }
        } finally {
            Files.delete(copy);
        }
        return values;
    }

    private static int[] inKernel(List<Entry> entries) throws Exception {
        int[] values = new int[WRITERS];
        try (InputStream in = entries.getFirst().read()) {
            Matcher processes = PROCESS.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            while (processes.find()) {
                int writer = Integer.parseInt(processes.group(1));
                values[writer] = Math.max(values[writer], Integer.parseInt(processes.group(2)));
            }
        }
        return values;
    }

    private static int[] inFiles(List<Entry> entries) throws Exception {
        int[] values = new int[WRITERS];
        for (Entry entry : entries) {
            String path = entry.path();
            if (entry.kind() == Entry.Kind.FILE && path.startsWith(OWNER + "/w-")) {
                try (InputStream in = entry.read()) {
                    values[Integer.parseInt(path.substring(path.indexOf("/w-") + 3, path.lastIndexOf('/')))] =
                            Integer.parseInt(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
                }
            }
        }
        return values;
    }

    private static int[] values(AtomicIntegerArray array) {
        int[] values = new int[array.length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i);
        }
        return values;
    }

    /** A part that comes to rest late: those that wait for it must not see more than what the others see. */
    private static final class Slow implements Snapshotable {
        @Override
        public String name() {
            return "slow";
        }

        @Override
        public int layer() {
            return 1;
        }

        @Override
        public void prepare() { }

        @Override
        public void cut(Barrier barrier) throws IOException {
            try {
                Thread.sleep(CUT_MILLIS / 2);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            barrier.await();
        }

        @Override
        public List<Entry> open() {
            return List.of();
        }

        @Override
        public void release() { }
    }
}
