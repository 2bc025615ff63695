package org.ashlar.kernel;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.GuestRuntime;
import org.ashlar.api.process.Printout;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.process.SendFailedException;
import org.ashlar.api.service.Providers;
import org.ashlar.api.store.FileStore;
import org.ashlar.api.store.StateStore;
import org.ashlar.codec.KernelCommand.Definition;

/** A kernel with scripted guests, for tests. */
final class TestNode implements AutoCloseable {
    static final ProcessId TESTER = ProcessId.parse("tester:test:sys");
    /** Of a system process, when a test has one. */
    static final ProcessId SERVICE = ProcessId.parse("service:test:sys");

    /** What all mail may have. */
    static final long HEAP_BYTES = 256L << 20;

    /** Properties of the service of a system process that any process may message. */
    static final Map<String, Object> PUBLIC = Map.of(SystemProcess.PUBLIC, true);

    final Services services = new Services();
    final Providers<StateStore> stores = services.stores();
    final Providers<FileStore> files = services.files();
    final Providers<GuestRuntime> runtimes = services.runtimes();
    final ScriptedRuntime runtime;
    final MemoryStore store;
    final BlockingQueue<Printout> prints = new LinkedBlockingQueue<>();
    final TestClock time = new TestClock();
    final Node node;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ExecutorService work = Machine.pool(4, "kernel-work-");
    private final Carriers carriers = Carriers.open(2).orElseThrow();
    private final Thread clock;
    private volatile boolean closed;

    TestNode() {
        this(new MemoryStore(), new ScriptedRuntime());
    }

    TestNode(MemoryStore store, ScriptedRuntime runtime) {
        this(store, runtime, Executors.newVirtualThreadPerTaskExecutor());
    }

    /** @param calls runs the calls to system processes */
    TestNode(MemoryStore store, ScriptedRuntime runtime, Executor calls) {
        this.store = store;
        this.runtime = runtime;
        stores.add(store, 0);
        runtimes.add(runtime, 0);
        Printer printer = new Printer(time);
        printer.add(prints::add);
        node = new Node("test.os", new Machine(time, new RandomIds(), carriers, calls, threads, work,
                new NodeHeap(HEAP_BYTES)), services, printer, by -> { });
        node.arrive(TESTER, (request, reply) -> { }, PUBLIC);
        clock = Thread.ofPlatform().daemon().start(this::runClock);
    }

    /** One that has brought back what {@code store} has. */
    static TestNode booted(MemoryStore store, ScriptedRuntime runtime) {
        TestNode node = new TestNode(store, runtime);
        node.files.add(new ScriptedFiles(true), 0);
        node.node.guests().boot();
        return node;
    }

    private void runClock() {
        while (!closed) {
            node.tick();
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Starts a public guest named {@code name} that runs {@code script}. */
    ProcessId guest(String name, OnExit onExit, ScriptedRuntime.Script script) {
        return guest(name, onExit, true, script);
    }

    ProcessId guest(String name, OnExit onExit, boolean isPublic, ScriptedRuntime.Script script) {
        ProcessId id = ProcessId.of(name, TESTER.packageId());
        try {
            node.guests().initialize(definition(id, onExit, isPublic), runtime.script(name, script), List.of());
            node.guests().run(id);
        } catch (CommandRefused e) {
            throw new AssertionError(e);
        }
        return id;
    }

    Definition definition(ProcessId id, OnExit onExit, boolean isPublic) {
        return new Definition(id, "test:sys/pkg/" + id.process() + ".wasm", Optional.of(1L), onExit, List.of(), isPublic);
    }

    Address address(ProcessId id) {
        return new Address(node.name(), id);
    }

    Answer ask(ProcessId target, String body, int seconds) throws SendFailedException {
        try {
            return asking(target, body, seconds).get(seconds + 5L, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SendFailedException failed) {
                throw failed;
            }
            throw new AssertionError(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no end of the Request to " + target, e);
        }
    }

    CompletableFuture<Answer> asking(ProcessId target, String body, int seconds) {
        return node.ask(TESTER, address(target), Request.of(body).expecting(seconds), Optional.empty())
                .toCompletableFuture();
    }

    void tell(ProcessId target, String body) {
        node.tell(TESTER, address(target), Request.of(body), Optional.empty());
    }

    static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }

    static String text(Answer answer) {
        return text(answer.response().body());
    }

    /** Waits until {@code condition} holds; fails after a minute. */
    static void await(String what, BooleanSupplier condition) {
        await(what, condition, () -> "");
    }

    /** @param state said with the failure */
    static void await(String what, BooleanSupplier condition, Supplier<String> state) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within a minute: " + what + state.get());
            }
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        node.stop(Duration.ofSeconds(1));
        clock.interrupt();
        threads.shutdownNow();
        carriers.close();
    }
}
