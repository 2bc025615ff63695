package org.ashlar.wasi;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

import org.ashlar.api.process.GuestTrap;

/**
 * What one instance sees of the world through WASI, and what it holds open there. Used by the instance's thread alone; close
 * it when the instance has ended, however it did.
 */
public final class WasiContext implements AutoCloseable {
    private final List<String> arguments;
    private final Map<String, String> environment;
    private final byte[] stdin;
    private final OutputSink stdout;
    private final OutputSink stderr;
    private final Map<String, Drive> preopens;
    private final RandomGenerator random;
    private final RandomGenerator insecureRandom;
    private final Clocks clocks;
    private final Blocking blocking;
    private final OpenFiles openFiles = new OpenFiles();
    private int resources;

    private WasiContext(Builder builder) {
        arguments = List.copyOf(builder.arguments);
        environment = new LinkedHashMap<>(builder.environment);
        stdin = builder.stdin.clone();
        stdout = builder.stdout;
        stderr = builder.stderr;
        preopens = new LinkedHashMap<>(builder.preopens);
        random = builder.random.orElseGet(java.security.SecureRandom::new);
        insecureRandom = builder.insecureRandom.orElse(random);
        clocks = new Clocks(builder.wallClock, builder.monotonicClock, builder.parker);
        blocking = new Blocking(builder.fileExecutor.orElse(Runnable::run), builder.parker);
    }

    /**
     * A context in which a guest has no arguments, no environment, an empty standard input, output that goes nowhere, no
     * files, the system's clocks and a secure random source.
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Closes what the guest left open, and whatever file work that is still under way opens. Waits for the closing. */
    @Override
    public void close() {
        if (openFiles.isEmpty()) {
            openFiles.closeAll();
            return;
        }
        try {
            blocking.callToTheEnd(() -> {
                openFiles.closeAll();
                return true;
            });
        } catch (FileError e) {
            // The pool takes no more work. A close that blocks is better than a file that stays open.
            openFiles.closeAll();
        }
    }

    List<String> arguments() {
        return arguments;
    }

    Map<String, String> environment() {
        return environment;
    }

    byte[] stdin() {
        return stdin;
    }

    OutputSink stdout() {
        return stdout;
    }

    OutputSink stderr() {
        return stderr;
    }

    Map<String, Drive> preopens() {
        return preopens;
    }

    RandomGenerator random() {
        return random;
    }

    RandomGenerator insecureRandom() {
        return insecureRandom;
    }

    Clocks clocks() {
        return clocks;
    }

    Blocking blocking() {
        return blocking;
    }

    OpenFiles openFiles() {
        return openFiles;
    }

    /** Counts a resource that is about to be handed to the guest. */
    <T> T grant(T resource) {
        if (resources >= Limits.RESOURCES) {
            throw new GuestTrap("the guest holds " + resources + " WASI resources, the most allowed; it should drop those"
                    + " it has done with");
        }
        resources++;
        return resource;
    }

    /** The guest dropped a resource. */
    void dropped(Object resource) {
        resources--;
        if (resource instanceof FileHolder holder) {
            try {
                blocking.call(() -> {
                    holder.release();
                    return true;
                });
            } catch (FileError e) {
                // Nothing a guest could do about; what could not be closed goes with the context.
            }
        }
    }

    int resources() {
        return resources;
    }

    /** Collects what a context is made of. Not thread-safe. */
    public static final class Builder {
        private List<String> arguments = List.of();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private byte[] stdin = new byte[0];
        private OutputSink stdout = OutputSink.discard();
        private OutputSink stderr = OutputSink.discard();
        private final Map<String, Drive> preopens = new LinkedHashMap<>();
        private InstantSource wallClock = InstantSource.system();
        private LongSupplier monotonicClock = sinceNow();
        private Optional<RandomGenerator> random = Optional.empty();
        private Optional<RandomGenerator> insecureRandom = Optional.empty();
        private Optional<Executor> fileExecutor = Optional.empty();
        private Parker parker = Parker.interruptible();

        private Builder() {
        }

        /** It outlives the builder, and must not keep it. */
        private static LongSupplier sinceNow() {
            long origin = System.nanoTime();
            return () -> System.nanoTime() - origin;
        }

        public Builder arguments(List<String> arguments) {
            this.arguments = List.copyOf(arguments);
            return this;
        }

        /** Adds an environment variable. */
        public Builder environment(String name, String value) {
            environment.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /** All that standard input will ever give; at its end it is closed. */
        public Builder stdin(byte[] content) {
            stdin = content.clone();
            return this;
        }

        public Builder stdout(OutputSink sink) {
            stdout = Objects.requireNonNull(sink, "sink");
            return this;
        }

        public Builder stderr(OutputSink sink) {
            stderr = Objects.requireNonNull(sink, "sink");
            return this;
        }

        /** Opens a folder of the host to the guest, to read and to write. Needs {@link #fileExecutor}. */
        public Builder preopen(String guestPath, Drive drive) {
            preopens.put(Objects.requireNonNull(guestPath, "guestPath"), Objects.requireNonNull(drive, "drive"));
            return this;
        }

        public Builder wallClock(InstantSource clock) {
            wallClock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /** @param nanoseconds never goes back; at least zero */
        public Builder monotonicClock(LongSupplier nanoseconds) {
            monotonicClock = Objects.requireNonNull(nanoseconds, "nanoseconds");
            return this;
        }

        /** The source of randomness that guests may use for keys; also of the insecure kind unless that is set. */
        public Builder random(RandomGenerator generator) {
            random = Optional.of(generator);
            return this;
        }

        public Builder insecureRandom(RandomGenerator generator) {
            insecureRandom = Optional.of(generator);
            return this;
        }

        /** Where file work runs: a bounded pool of platform threads, such as {@link IoPool}. */
        public Builder fileExecutor(Executor executor) {
            fileExecutor = Optional.of(executor);
            return this;
        }

        /** How the guest's thread waits; {@link Parker#interruptible} unless set. */
        public Builder parker(Parker parker) {
            this.parker = Objects.requireNonNull(parker, "parker");
            return this;
        }

        /**
         * @throws IllegalStateException    when there are preopens and nothing to run file work on
         * @throws IllegalArgumentException when arguments and environment have more than 64 KiB together
         */
        public WasiContext build() {
            if (!preopens.isEmpty() && fileExecutor.isEmpty()) {
                throw new IllegalStateException("preopens need a fileExecutor: a guest's own thread must not block on files");
            }
            long size = arguments.stream().mapToLong(Builder::bytes).sum()
                    + environment.entrySet().stream().mapToLong(e -> bytes(e.getKey()) + bytes(e.getValue())).sum();
            if (size > Limits.ENVIRONMENT) {
                throw new IllegalArgumentException("arguments and environment have " + size + " bytes; at most "
                        + Limits.ENVIRONMENT + " are passed to a guest");
            }
            return new WasiContext(this);
        }

        private static long bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8).length;
        }
    }
}
