package org.ashlar.sqlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.ashlar.api.store.StateStore.Change;
import org.ashlar.api.store.StoreException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The thread that writes, on a real database, over a connection that fails or hangs when a transaction begins. */
@Timeout(60)
class WriterTest {
    @TempDir
    Path folder;
    private Database database;

    @BeforeEach
    void aDatabase() throws Exception {
        database = new Database(folder);
        database.prepare();
    }

    /** Called before each transaction. */
    private interface Begin {
        void before(int transaction) throws InterruptedException;
    }

    private Writer writer(Begin begin) throws Exception {
        Connection real = database.connect(false);
        AtomicInteger transactions = new AtomicInteger();
        return new Writer(database, (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(),
                new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("createStatement")) {
                        begin.before(transactions.incrementAndGet());
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static List<Change> change(int key) {
        return List.of(Change.put("state", "key-" + key, new byte[] {(byte) key}));
    }

    @Test
    void anUnforeseenFailureReachesAllWhoWaitAndAllWhoComeLater() throws Exception {
        for (Throwable failure : List.of(new IllegalStateException("the driver is confused"), new LinkageError("no such class"))) {
            CountDownLatch full = new CountDownLatch(1);
            Writer writer = writer(transaction -> {
                if (transaction == 2) {
                    full.await();
                    throwUnchecked(failure);
                }
            });
            writer.commit(change(1));
            try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> commits = new ArrayList<>();
                for (int i = 0; i < 500; i++) {
                    commits.add(callers.submit(() -> writer.commit(change(2))));
                }
                full.countDown();
                for (Future<?> commit : commits) {
                    Throwable end = assertThrows(Exception.class, () -> commit.get(30, TimeUnit.SECONDS)).getCause();
                    assertTrue(end instanceof StoreException && end.getMessage().contains(failure.getMessage())
                            && end.getMessage().contains("restarted"), String.valueOf(end));
                }
            }
            assertThrows(StoreException.class, () -> writer.commit(change(3)));
            assertTrue(writer.close(30_000), "the thread ends");
        }
        SqliteStateStore store = new SqliteStateStore(folderOfAHome());
        assertArrayEquals(new byte[] {1}, store.get("state", "key-1").orElseThrow());
        assertTrue(store.get("state", "key-2").isEmpty() && store.get("state", "key-3").isEmpty(), "what failed is not there");
        store.close();
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwUnchecked(Throwable failure) throws T {
        throw (T) failure;
    }

    @Test
    void aFullQueueHoldsUpNeitherTheEndNorWhatIsAccepted() throws Exception {
        CountDownLatch hang = new CountDownLatch(1);
        CountDownLatch stuck = new CountDownLatch(1);
        Writer writer = writer(transaction -> {
            stuck.countDown();
            hang.await();
        });
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first = callers.submit(() -> writer.commit(change(0)));
            stuck.await();
            List<Future<?>> commits = new ArrayList<>();
            for (int i = 1; i <= WriteQueue.PLACES; i++) {
                int key = i;
                commits.add(callers.submit(() -> writer.commit(change(key))));
            }
            while (writer.waiting() < WriteQueue.PLACES) {
                Thread.sleep(1);
            }
            assertFalse(writer.close(10), "it hangs");
            assertThrows(StoreException.class, () -> writer.atRest(() -> { }), "it takes nothing more");
            hang.countDown();
            assertTrue(writer.close(30_000));
            first.get();
            for (Future<?> commit : commits) {
                commit.get(30, TimeUnit.SECONDS);
            }
        }
        SqliteStateStore store = new SqliteStateStore(folderOfAHome());
        for (int i = 0; i <= WriteQueue.PLACES; i++) {
            assertEquals(1, store.get("state", "key-" + i).orElseThrow().length);
        }
        store.close();
    }

    private Path folderOfAHome() throws Exception {
        Path home = Files.createDirectory(folder.resolve("home"));
        Path store = Files.createDirectory(home.resolve("store"));
        Files.move(database.file(), store.resolve(database.file().getFileName()));
        return home;
    }
}
