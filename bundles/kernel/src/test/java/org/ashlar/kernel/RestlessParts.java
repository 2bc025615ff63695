package org.ashlar.kernel;

import static org.ashlar.kernel.TestNode.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.GuestException;
import org.ashlar.api.process.GuestHost;
import org.ashlar.api.process.GuestProgram;
import org.ashlar.api.process.GuestRuntime;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.store.StateStore;
import org.ashlar.api.store.StoreException;

/** The parts that {@link PartsStressTest} replaces. Each comes also as one that throws at its first call. */
final class RestlessParts {
    private RestlessParts() { }

    /** Answers a Request when the milliseconds that it names are over; hands back what has not fired when it is closed. */
    static final class Timer implements SystemProcess {
        private final boolean fails;
        private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().factory());
        private final Set<Reply> running = new HashSet<>();
        private boolean closed;

        Timer(boolean fails) {
            this.fails = fails;
            scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        }

        @Override
        public void handle(Envelope request, Reply reply) {
            if (fails) {
                throw new NoClassDefFoundError("com/example/Missing");
            }
            if (!set(reply, Long.parseLong(text(request.message().body())))) {
                reply.handBack();
            }
        }

        private synchronized boolean set(Reply reply, long millis) {
            if (!closed) {
                running.add(reply);
                scheduler.schedule(() -> fire(reply), millis, TimeUnit.MILLISECONDS);
            }
            return !closed;
        }

        private void fire(Reply reply) {
            if (forget(reply)) {
                reply.respond(Response.of(""));
            }
        }

        private synchronized boolean forget(Reply reply) {
            return running.remove(reply);
        }

        void close() {
            List<Reply> left;
            synchronized (this) {
                closed = true;
                left = new ArrayList<>(running);
                running.clear();
            }
            scheduler.shutdown();
            left.forEach(Reply::handBack);
        }
    }

    /** One view of the disk that all of them share; one that is closed refuses. */
    static final class Store implements StateStore {
        private final Map<String, byte[]> disk;
        private final boolean fails;
        private volatile boolean closed;

        /** @param disk keys after their table and a space */
        Store(Map<String, byte[]> disk, boolean fails) {
            this.disk = disk;
            this.fails = fails;
        }

        void close() {
            closed = true;
        }

        private void check() {
            if (fails || closed) {
                throw new StoreException(fails ? "it fails" : "it is closed");
            }
        }

        @Override
        public Optional<byte[]> get(String table, String key) {
            check();
            return Optional.ofNullable(disk.get(table + ' ' + key));
        }

        @Override
        public void scan(String table, String prefix, BiConsumer<String, byte[]> each) {
            check();
            new HashMap<>(disk).forEach((key, value) -> {
                if (key.startsWith(table + ' ' + prefix)) {
                    each.accept(key.substring(table.length() + 1), value);
                }
            });
        }

        @Override
        public void commit(List<Change> changes) {
            check();
            Thread.yield();
            changes.forEach(each -> each.value().ifPresentOrElse(value -> disk.put(each.table() + ' ' + each.key(), value),
                    () -> disk.remove(each.table() + ' ' + each.key())));
            check();
        }
    }

    /** Loads what the other one would load, and throws when that is to run. */
    record FailingRuntime(ScriptedRuntime as) implements GuestRuntime {
        @Override
        public String name() {
            return "failing";
        }

        @Override
        public GuestProgram load(byte[] component, Optional<String> engine) throws GuestException {
            GuestProgram program = as.load(component, engine);
            return new GuestProgram() {
                @Override
                public String runtime() {
                    return name();
                }

                @Override
                public boolean isThere() {
                    return program.isThere();
                }

                @Override
                public boolean current(Optional<String> wanted) {
                    return program.current(wanted);
                }

                @Override
                public Optional<String> passedOver() {
                    return Optional.empty();
                }

                @Override
                public void rehearse(Address our) { }

                @Override
                public void run(GuestHost host) {
                    throw new NoClassDefFoundError("com/example/Runner");
                }
            };
        }

        @Override
        public Optional<GuestProgram> loaded(byte[] component, Optional<String> engine) {
            return Optional.empty();
        }
    }
}
