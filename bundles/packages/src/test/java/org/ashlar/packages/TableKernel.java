package org.ashlar.packages;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SendError;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.api.process.SendFailedException;
import org.ashlar.api.store.FileStore;
import org.ashlar.codec.KernelCommand;
import org.ashlar.codec.KernelCommand.Definition;
import org.ashlar.codec.KernelResponse;
import org.ashlar.codec.ProcessEntry;

/**
 * A kernel's process table without processes: it obeys the commands of reference-kernel 4.1, so that every moment of an
 * installation can be looked at and cut off. What a component "does" stands behind its first four bytes: {@code invalid}
 * cannot be loaded, {@code traps} fails as soon as it runs. The real kernel is used in the integration tests.
 */
final class TableKernel implements Kernel {
    private static final String NODE = "a.os";

    private final Map<ProcessId, Entry> table = new TreeMap<>();
    private final Map<ProcessId, Definition> notStarted = new TreeMap<>();
    private final Map<ProcessId, String> failures = new ConcurrentHashMap<>();
    private volatile int untilCrash = -1;
    private volatile boolean crashed;

    /** The node dies: everything stops here. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static final class Entry {
        private Definition definition;
        private String component;
        private final Set<Capability> held = new LinkedHashSet<>();
        private boolean running;
        private int mail;

        @Override
        public String toString() {
            return definition.wasmBytesHandle() + " " + definition.onExit() + " " + definition.isPublic() + " " + component
                    + " " + held.stream().map(Capability::toString).sorted().toList() + " " + running + " mail " + mail;
        }
    }

    /** Lets the node die before the {@code n}th command from here on. */
    void crashAfter(int n) {
        untilCrash = n;
    }

    boolean hasCrashed() {
        return crashed;
    }

    /** What it is after the node has come up again with {@code files}. */
    void reboot(FileStore files) {
        untilCrash = -1;
        crashed = false;
        for (ProcessId id : List.copyOf(table.keySet())) {
            Entry entry = table.get(id);
            if (entry.definition.wasmBytesHandle().isEmpty()) {
                continue;
            }
            if (entry.definition.onExit() instanceof OnExit.None) {
                table.remove(id);
                continue;
            }
            try {
                entry.component = component(files.read(entry.definition.wasmBytesHandle(), 1000));
                entry.running = true;
            } catch (IOException e) {
                notStarted.put(id, entry.definition);
                table.remove(id);
            }
        }
    }

    /** Everything there is to know, as text. */
    Map<String, String> state() {
        Map<String, String> state = new TreeMap<>();
        table.forEach((id, entry) -> state.put(id.toString(), entry.toString()));
        notStarted.forEach((id, definition) -> state.put(id.toString(), "not started"));
        return state;
    }

    void addSystemProcess(String id) {
        ProcessId process = ProcessId.parse(id);
        Entry entry = new Entry();
        entry.definition = new Definition(process, "", Optional.empty(), OnExit.RESTART, List.of(), false);
        entry.running = true;
        table.put(process, entry);
    }

    void deliverMail(String id) {
        table.get(ProcessId.parse(id)).mail++;
    }

    @Override
    public Address address() {
        return new Address(NODE, ProcessId.parse("kernel:distro:sys"));
    }

    @Override
    public CompletionStage<Answer> ask(ProcessId from, Address target, Request request, Optional<Blob> blob) {
        Optional<KernelResponse> answer = carryOut(KernelCommand.parse(request.body()), blob);
        return answer.<CompletionStage<Answer>>map(response -> CompletableFuture.completedFuture(
                new Answer(address(), Response.of(response.encode()), Optional.empty())))
                .orElseGet(() -> CompletableFuture.failedFuture(new SendFailedException(
                        new SendError(SendError.Kind.TIMEOUT, target, request, blob), "no answer")));
    }

    @Override
    public void tell(ProcessId from, Address target, Request request, Optional<Blob> blob) {
        carryOut(KernelCommand.parse(request.body()), blob);
    }

    @Override
    public Arrival arrive(Envelope request, Consumer<Envelope> answered) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean chooseEngine(ProcessId process, Optional<String> engine) {
        throw new UnsupportedOperationException("packages choose no engines");
    }

    @Override
    public List<ProcessStatus> processes() {
        return table.entrySet().stream().map(e -> new ProcessStatus(e.getKey(), ProcessStatus.Kind.GUEST,
                e.getValue().running ? ProcessStatus.State.RUNNING : ProcessStatus.State.INITIALIZED,
                e.getValue().definition.isPublic(), e.getValue().definition.onExit(), Optional.empty(), Optional.empty(),
                false, Optional.empty(),
                0, Optional.empty(), failure(e.getKey()), 0, 0, 0, 0, 0, 0, 0, List.copyOf(e.getValue().held))).toList();
    }

    @Override
    public Optional<String> failure(ProcessId id) {
        return Optional.ofNullable(failures.get(id));
    }

    private Optional<KernelResponse> carryOut(KernelCommand command, Optional<Blob> blob) {
        if (untilCrash == 0) {
            crashed = true;
            throw new Crash();
        }
        if (untilCrash > 0) {
            untilCrash--;
        }
        return switch (command) {
            case KernelCommand.InitializeProcess(Definition definition) -> Optional.of(initialize(definition, blob));
            case KernelCommand.ReplaceProcess(Definition definition) -> Optional.of(replace(definition, blob));
            case KernelCommand.RunProcess(ProcessId id) -> Optional.of(run(id));
            case KernelCommand.KillProcess(ProcessId id) -> {
                table.remove(id);
                notStarted.remove(id);
                yield Optional.empty();
            }
            case KernelCommand.GrantCapabilities(ProcessId target, List<Capability> capabilities) -> {
                Optional.ofNullable(table.get(target)).ifPresent(entry -> entry.held.addAll(capabilities));
                yield Optional.empty();
            }
            case KernelCommand.DropCapabilities(ProcessId target, List<Capability> capabilities) -> {
                Optional.ofNullable(table.get(target)).ifPresent(entry -> entry.held.removeAll(capabilities));
                yield Optional.empty();
            }
            case KernelCommand.DebugProcess(ProcessId id) -> Optional.of(new KernelResponse.Process(
                    Optional.ofNullable(table.get(id)).map(entry -> new ProcessEntry(entry.definition.wasmBytesHandle(),
                            entry.definition.witVersion(), entry.definition.onExit(), new ArrayList<>(entry.held),
                            entry.definition.isPublic()))));
            case KernelCommand.DebugHasCap(ProcessId on, Capability capability) -> Optional.of(new KernelResponse.HasCap(
                    Optional.ofNullable(table.get(on)).map(entry -> entry.held.contains(capability))));
            default -> throw new AssertionError("not used here: " + command);
        };
    }

    private KernelResponse initialize(Definition definition, Optional<Blob> blob) {
        String component = component(bytes(blob));
        if (table.containsKey(definition.id()) || component.equals("invalid")) {
            return new KernelResponse.InitializeProcessError();
        }
        Entry entry = new Entry();
        failures.remove(definition.id());
        entry.definition = definition;
        entry.component = component;
        entry.held.addAll(definition.initialCapabilities());
        entry.held.add(Capability.messaging(new Address(NODE, definition.id())));
        table.put(definition.id(), entry);
        return new KernelResponse.InitializedProcess();
    }

    private KernelResponse replace(Definition definition, Optional<Blob> blob) {
        Entry entry = table.get(definition.id());
        String component = component(bytes(blob));
        if (entry == null || component.equals("invalid")) {
            return new KernelResponse.ReplaceProcessError(entry == null ? "there is none" : "the component is invalid");
        }
        failures.remove(definition.id());
        entry.definition = definition;
        entry.component = component;
        entry.held.addAll(definition.initialCapabilities());
        if (entry.running) {
            start(definition.id(), entry);
        }
        return new KernelResponse.ReplacedProcess();
    }

    private KernelResponse run(ProcessId id) {
        Entry entry = table.get(id);
        if (entry == null) {
            return new KernelResponse.RunProcessError();
        }
        if (!entry.running) {
            start(id, entry);
        }
        return new KernelResponse.StartedProcess();
    }

    private void start(ProcessId id, Entry entry) {
        entry.running = true;
        if (entry.component.equals("traps")) {
            failures.put(id, "unreachable\nmore");
            if (entry.definition.onExit() instanceof OnExit.None) {
                table.remove(id);
            }
        }
    }

    private static byte[] bytes(Optional<Blob> blob) {
        try {
            return blob.orElseThrow().bytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String component(byte[] bytes) {
        return new String(bytes, 4, bytes.length - 4, UTF_8);
    }
}
