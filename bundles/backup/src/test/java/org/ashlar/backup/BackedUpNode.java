package org.ashlar.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.BackupTargetKind;
import org.ashlar.api.store.Snapshotable;
import org.ashlar.api.store.StateStore.Change;
import org.ashlar.repository.Options;
import org.ashlar.repository.Replicas;
import org.ashlar.repository.Repository;
import org.ashlar.repository.Watcher;
import org.ashlar.sqlite.SqliteStateStore;
import org.ashlar.tck.FaultyTarget;
import org.ashlar.tck.MemoryTarget;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * A node of one part, a real store, with an engine and two targets in memory. What is promised of backups, as far as the engine goes, is
 * tested on it: a test each, named after the promise.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class BackedUpNode {
    private static final String PASSWORD = "password";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path temporary;
    Path home;
    private SqliteStateStore store;
    final List<Snapshotable> parts = new CopyOnWriteArrayList<>();
    /** Has no configuration, whatever it is asked for. */
    private final ConfigurationAdmin admin = (ConfigurationAdmin) Proxy.newProxyInstance(getClass().getClassLoader(),
            new Class<?>[] {ConfigurationAdmin.class}, (proxy, method, arguments) -> {
                assertFalse(method.getName().equals("listConfigurations") && String.valueOf(arguments[0]).contains("*"), "all are asked for");
                return null;
            });
    Engine engine;
    private Actions actions;
    final List<BackupTargetKind> kinds = new CopyOnWriteArrayList<>();
    final MemoryTarget first = new MemoryTarget();
    final MemoryTarget second = new MemoryTarget();

    @BeforeEach
    void begin() throws IOException {
        home = Files.createDirectory(temporary.resolve("home"));
        Files.writeString(home.resolve("VERSION"), "1\n");
        Files.writeString(Files.createDirectory(home.resolve("identity")).resolve("node"), "the key");
        Files.createDirectory(home.resolve("store"));
        store = new SqliteStateStore(home);
        parts.add(store);
        engine = engine(Clock.systemUTC());
    }

    Engine engine(Clock clock) throws IOException {
        Engine fresh = new Engine(home, () -> "promises", () -> List.copyOf(parts), clock, Duration.ofSeconds(1));
        actions = new Actions(fresh, new Configurations(home, admin), kinds);
        return fresh;
    }

    @AfterEach
    void end() {
        engine.close();
        store.close();
    }

    void keep(String key, String value) {
        store.commit(List.of(new Change("test", key, Optional.of(value.getBytes(StandardCharsets.UTF_8)))));
    }

    String done(Job job) throws Exception {
        Job.Outcome outcome = ended(job);
        assertEquals(Optional.empty(), outcome.problem());
        assertEquals(Optional.empty(), outcome.needs());
        return outcome.text();
    }

    Job.Outcome ended(Job job) throws Exception {
        while (job.outcome().isEmpty()) {
            Thread.sleep(5);
        }
        return job.outcome().get();
    }

    Job submit(String action, String arguments) throws Exception {
        return engine.submit(actions.work(action, JSON.readTree(arguments)));
    }

    /** Backups begin: one password for all targets. Guesses at it cost next to nothing, or each test would take a second longer. */
    void create() throws Exception {
        Repository.create(engine.targets().replicas(), PASSWORD.toCharArray(), Options.here(temporary).withCost(Options.PasswordCost.NONE)).close();
        openOrCreate();
    }

    void openOrCreate() throws Exception {
        done(engine.submit(job -> {
            engine.vault().openOrCreate(Optional.of(PASSWORD.toCharArray()));
            return "";
        }));
    }

    String line() {
        return Status.of(engine, new Schedule(engine, new Schedule.Settings(Optional.empty(), false, Optional.empty()), home)).line();
    }

    /** A home restored from one target alone, its store opened: what it holds under {@code key}. */
    Optional<String> restored(BackupTarget target, String name, String key) throws IOException {
        Path fresh = temporary.resolve(name);
        try (Replicas alone = Replicas.of(target);
                Repository repository = Repository.open(alone, PASSWORD.toCharArray(), Options.here(temporary))) {
            HomeRestore.Result result = new HomeRestore(fresh).run(repository, repository.snapshots().getLast().snapshot(), Watcher.NONE);
            assertEquals(List.of(), result.problems());
        }
        assertEquals("the key", Files.readString(fresh.resolve("identity/node")));
        assertFalse(Files.exists(temporary.resolve("." + name + ".restoring")));
        return valueIn(fresh, key);
    }

    static Optional<String> valueIn(Path home, String key) {
        SqliteStateStore back = new SqliteStateStore(home);
        try {
            return back.get("test", key).map(value -> new String(value, StandardCharsets.UTF_8));
        } finally {
            back.close();
        }
    }

    static FaultyTarget.Faults fails(String message) {
        return new FaultyTarget.Faults() {
            @Override
            public void before(String call, String name) throws IOException {
                throw new IOException(message);
            }
        };
    }
}
