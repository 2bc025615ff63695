package org.ashlar.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.api.service.Providers;
import org.ashlar.codec.KernelCommand;
import org.ashlar.codec.KernelResponse;
import org.ashlar.codec.VfsAction;
import org.ashlar.codec.VfsRequest;
import org.ashlar.codec.VfsResponse;
import org.ashlar.tck.RecordedReply;

/** A {@link VfsProcess} on a folder, asked as the kernel would ask it, with what the kernel was told to grant. */
final class VfsRig implements AutoCloseable {
    static final Address VFS = Address.parse("a.os@vfs:distro:sys");
    static final String OWN = "main:chat:alice.os";
    static final String FOREIGN = "other:other:bob.os";
    /** A drive of the package that {@link #OWN} belongs to; it is there. */
    static final String DRIVE = "/chat:alice.os/files";
    static final VfsResponse OK = new VfsResponse.Done();

    private final Path home;
    private final DriveStore store;
    private final VfsProcess vfs;
    private final RecordingKernel kernel = new RecordingKernel();

    VfsRig(Path home) throws IOException {
        this(home, new Usage(1 << 30, 10_000));
    }

    VfsRig(Path home, Usage quota) throws IOException {
        this.home = home;
        store = new DriveStore(home, quota);
        Providers<Kernel> kernels = new Providers<>();
        kernels.add(kernel, 0);
        vfs = new VfsProcess(store.tree(), kernels);
        Files.createDirectories(host(DRIVE));
    }

    /** What an answer that says so says went wrong. */
    static String error(VfsResponse answer) {
        return assertInstanceOf(VfsResponse.IoError.class, answer).error();
    }

    /** What {@link #DRIVE} holds. */
    VfsResponse.DriveUsage usage() {
        return (VfsResponse.DriveUsage) ask(DRIVE, new VfsAction.DriveUsage());
    }

    VfsProcess process() {
        return vfs;
    }

    DriveStore store() {
        return store;
    }

    RecordingKernel kernel() {
        return kernel;
    }

    /** Where a path is on disk. */
    Path host(String path) {
        return home.resolve("vfs").resolve(path.substring(1));
    }

    /** What a Request came to. */
    record Answered(VfsResponse body, Optional<Blob> blob) {
        String text() throws IOException {
            return new String(blob.orElseThrow().bytes(), UTF_8);
        }
    }

    Answered ask(String from, String path, VfsAction action, Optional<byte[]> blob, Capability... holding) {
        RecordedReply reply = new RecordedReply();
        for (Capability held : holding) {
            reply.holding(held);
        }
        Envelope request = RecordedReply.request(from, "vfs:distro:sys", new VfsRequest(path, action).encode(), blob.map(Blob::of));
        vfs.handle(request, reply);
        RecordedReply.Outcome.Answered answered = reply.answer();
        return new Answered(VfsResponse.parse(answered.response().body()), answered.blob());
    }

    VfsResponse ask(String path, VfsAction action) {
        return ask(OWN, path, action, Optional.empty()).body();
    }

    VfsResponse ask(String path, VfsAction action, String blob) {
        return ask(OWN, path, action, Optional.of(blob.getBytes(UTF_8))).body();
    }

    VfsResponse as(String from, String path, VfsAction action) {
        return ask(from, path, action, Optional.empty()).body();
    }

    /** What is read, as text. @throws java.util.NoSuchElementException when it was not */
    String read(String path, VfsAction action) throws IOException {
        return ask(OWN, path, action, Optional.empty()).text();
    }

    static Capability may(String kind, String drive) {
        return new Capability(VFS, "{\"kind\":\"" + kind + "\",\"drive\":\"" + drive + "\"}");
    }

    @Override
    public void close() {
        vfs.close();
        vfs.handles().closeAll();
        store.close();
    }

    /** Notes grants, and says of what it granted that it is held. */
    static final class RecordingKernel implements Kernel {
        final List<KernelCommand.GrantCapabilities> granted = new ArrayList<>();
        final List<ProcessStatus> processes = new ArrayList<>();

        @Override
        public Address address() {
            return Address.parse("a.os@kernel:distro:sys");
        }

        @Override
        public CompletionStage<Answer> ask(ProcessId from, Address target, Request request, Optional<Blob> blob) {
            KernelCommand.DebugHasCap asked = (KernelCommand.DebugHasCap) KernelCommand.parse(request.body());
            boolean holds = granted.stream().anyMatch(grant -> grant.target().equals(asked.on())
                    && grant.capabilities().contains(asked.capability()));
            return CompletableFuture.completedFuture(new Answer(target,
                    Response.of(new KernelResponse.HasCap(Optional.of(holds)).encode()), Optional.empty()));
        }

        @Override
        public void tell(ProcessId from, Address target, Request request, Optional<Blob> blob) {
            granted.add((KernelCommand.GrantCapabilities) KernelCommand.parse(request.body()));
        }

        @Override
        public Arrival arrive(Envelope request, Consumer<Envelope> answered) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean chooseEngine(ProcessId process, Optional<String> engine) {
            throw new UnsupportedOperationException("vfs chooses no engines");
        }

        @Override
        public List<ProcessStatus> processes() {
            return List.copyOf(processes);
        }

        @Override
        public Optional<String> failure(ProcessId id) {
            return Optional.empty();
        }
    }
}
