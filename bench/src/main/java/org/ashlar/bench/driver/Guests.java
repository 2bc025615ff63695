package org.ashlar.bench.driver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.api.store.FileStore;
import org.ashlar.codec.KernelCommand;
import org.ashlar.codec.KernelCommand.Definition;
import org.ashlar.codec.KernelResponse;

/** Makes the guests that are measured, speaks to them and ends them. None is public: every message needs its capability. */
final class Guests {
    static final PackageId PACKAGE = PackageId.parse("bench:ashlar");
    /** The other node, where there are two. */
    private static final String ELSEWHERE = "other.os";
    /** Longest that anything is waited for, in seconds. */
    private static final long PATIENCE = 300;
    /** More than wait in the kernel's mailbox would be dropped. */
    private static final int KILLS_AT_ONCE = 1_000;

    private final Kernel kernel;
    private final FileStore files;

    Guests(Kernel kernel, FileStore files) {
        this.kernel = kernel;
        this.files = files;
    }

    /** The shipped C echo ({@code sdk/c/examples/echo}), unmodified. */
    static byte[] echo() {
        return resource("echo.wasm");
    }

    /** The shipped Rust echo ({@code sdk/rust/examples/echo}), unmodified: standard library, and the adapter from preview 1 of WASI. */
    static byte[] wasiEcho() {
        return resource("rust/echo.wasm");
    }

    /** What works at the driver's command ({@code bench/guests/worker.c}). */
    static byte[] worker() {
        return resource("worker.wasm");
    }

    /** What only computes ({@code bench/guests/compute}). */
    static byte[] compute() {
        return resource("compute.wasm");
    }

    private static byte[] resource(String name) {
        try (InputStream stream = Guests.class.getResourceAsStream(name)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read from the benchmark's own jar", e);
        }
    }

    /** Makes a guest and lets it run. */
    Address start(String name, byte[] component, OnExit onExit, Capability... held) {
        return await(starting(name, component, onExit, held));
    }

    /** Completed when the guest runs. */
    CompletionStage<Address> starting(String name, byte[] component, OnExit onExit, Capability... held) {
        ProcessId id = ProcessId.of(name, PACKAGE);
        Definition definition = new Definition(id, path(name).substring(1), Optional.of(1L), onExit, List.of(held), false);
        return command(new KernelCommand.InitializeProcess(definition), Optional.of(Blob.of(component)),
                new KernelResponse.InitializedProcess())
                .thenCompose(made -> command(new KernelCommand.RunProcess(id), Optional.empty(), new KernelResponse.StartedProcess()))
                .thenApply(runs -> address(name));
    }

    Address address(String name) {
        return new Address(kernel.address().node(), ProcessId.of(name, PACKAGE));
    }

    /** A worker and an echo that may message each other. */
    Pair pair(int number) {
        String worker = "worker-" + number;
        String echo = "echo-" + number;
        start(echo, echo(), OnExit.NONE, Capability.messaging(address(worker)));
        start(worker, worker(), OnExit.NONE, Capability.messaging(address(echo)));
        return new Pair(address(worker), address(echo));
    }

    /** A worker, and an echo on the other node, which that made with {@link #echoes}. */
    Pair remotePair(int number) {
        String worker = "worker-" + number;
        start(worker, worker(), OnExit.NONE, network());
        return new Pair(address(worker), new Address(ELSEWHERE, ProcessId.of("echo-" + number, PACKAGE)));
    }

    /** Numbers: how many echoes to make that hear from other nodes. Series: none that says anything. */
    Figures echoes(long[] numbers) {
        for (int i = 0; i < numbers[0]; i++) {
            start("echo-" + i, echo(), OnExit.NONE, network());
        }
        return new Figures().add("made", numbers[0]);
    }

    private Capability network() {
        return new Capability(kernel.address(), Capability.NETWORK);
    }

    /** What the other node has used of the processors, in nanoseconds. */
    long processorElsewhere() {
        String answer = text(await(ask(new Address(ELSEWHERE, Driver.SELF), "processor")));
        return (long) Double.parseDouble(answer.substring(answer.indexOf(' ') + 1));
    }

    record Pair(Address worker, Address echo) { }

    /** Sends text to a guest; completed with the body of its Response. */
    CompletionStage<byte[]> ask(Address target, String text) {
        return kernel.ask(Driver.SELF, target, Request.of(text).expecting(PATIENCE), Optional.empty())
                .thenApply(answer -> answer.response().body());
    }

    void tell(Address target, String text) {
        kernel.tell(Driver.SELF, target, Request.of(text), Optional.empty());
    }

    private CompletionStage<KernelResponse> command(KernelCommand command, Optional<Blob> blob, KernelResponse wanted) {
        return kernel.ask(Driver.SELF, kernel.address(), Request.of(command.encode()).expecting(PATIENCE), blob)
                .thenApply(answer -> {
                    KernelResponse got = KernelResponse.parse(answer.response().body());
                    if (!got.equals(wanted)) {
                        throw new IllegalStateException("the kernel answered " + got + " to " + command);
                    }
                    return got;
                });
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new IllegalStateException(String.valueOf(e.getCause()), e.getCause());
        }
    }

    /** Puts a component where guests of the package can spawn it from. @return its path, as guests write it */
    String install(String name, byte[] component) throws IOException {
        Path drive = files.drive(PACKAGE, FileStore.PACKAGE_DRIVE);
        Files.write(drive.resolve(name + ".wasm"), component);
        return path(name);
    }

    /** The folder of the package's own drive, on the disk that the node writes to. */
    Path folder() throws IOException {
        return files.drive(PACKAGE, FileStore.PACKAGE_DRIVE);
    }

    private static String path(String name) {
        return "/" + PACKAGE + "/" + FileStore.PACKAGE_DRIVE + "/" + name + ".wasm";
    }

    List<ProcessId> all() {
        return kernel.processes().stream().map(ProcessStatus::id).filter(id -> id.packageId().equals(PACKAGE))
                .filter(id -> !id.equals(Driver.SELF)).toList();
    }

    /** How long each of them was away when it last moved, in nanoseconds, sorted; those that never did are left out. */
    List<Long> pauses() {
        return kernel.processes().stream().filter(each -> each.id().packageId().equals(PACKAGE))
                .flatMap(each -> each.lastPause().stream()).map(Duration::toNanos).sorted().toList();
    }

    /** Ends all guests of the package and waits until they are gone. */
    void killAll() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE * 1_000_000_000L;
        for (List<ProcessId> left = all(); !left.isEmpty(); left = all()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(left.size() + " guests did not end");
            }
            left.stream().limit(KILLS_AT_ONCE).forEach(this::kill);
            Thread.sleep(20);
        }
    }

    private void kill(ProcessId id) {
        kernel.tell(Driver.SELF, kernel.address(), Request.of(new KernelCommand.KillProcess(id).encode()), Optional.empty());
    }

    static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }
}
