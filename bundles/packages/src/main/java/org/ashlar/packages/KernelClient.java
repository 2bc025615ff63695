package org.ashlar.packages;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.KernelCommand;
import org.ashlar.codec.KernelCommand.Definition;
import org.ashlar.codec.KernelResponse;
import org.ashlar.codec.ProcessEntry;

/**
 * The kernel, asked in the name of {@code packages:distro:sys}. The kernel carries out what one sender asks in the order
 * asked, so a command without an answer is done when the next one is answered. Not for the thread that answers.
 */
final class KernelClient {
    static final ProcessId SELF = ProcessId.parse("packages:distro:sys");
    /** How long the kernel may take for one command, in seconds: a large component takes a while to compile. */
    private static final long SECONDS = 120;

    private final Kernel kernel;

    KernelClient(Kernel kernel) {
        this.kernel = kernel;
    }

    String node() {
        return kernel.address().node();
    }

    /** The processes of a package that there are now. */
    Map<ProcessId, ProcessStatus> processes(PackageId owner) {
        return kernel.processes().stream().filter(status -> status.id().packageId().equals(owner))
                .collect(Collectors.toMap(ProcessStatus::id, Function.identity()));
    }

    /** The kernel's entry of a process; empty when there is none. */
    Optional<ProcessEntry> entry(ProcessId id) throws PackageException {
        KernelResponse answer = ask(new KernelCommand.DebugProcess(id), Optional.empty());
        if (answer instanceof KernelResponse.Process(Optional<ProcessEntry> entry)) {
            return entry;
        }
        throw unexpected("look at " + id, answer);
    }

    /** Whether there is such a process and it holds {@code capability}. */
    boolean holds(ProcessId id, Capability capability) throws PackageException {
        KernelResponse answer = ask(new KernelCommand.DebugHasCap(id, capability), Optional.empty());
        if (answer instanceof KernelResponse.HasCap(Optional<Boolean> holds)) {
            return holds.orElse(false);
        }
        throw unexpected("look at " + id, answer);
    }

    /** Why a process failed since it was made or updated, if it did. */
    Optional<String> failure(ProcessId id) {
        return kernel.failure(id);
    }

    /** Makes a new process; it waits for {@link #run}. */
    void initialize(Definition definition, byte[] component) throws PackageException {
        Answer answer = send(new KernelCommand.InitializeProcess(definition), Optional.of(Blob.of(component)));
        if (!(read(answer) instanceof KernelResponse.InitializedProcess)) {
            throw new PackageException("the process " + definition.id() + " cannot be made" + reason(answer));
        }
    }

    /** Gives a process another component and definition; its mail and state stay. */
    void replace(Definition definition, byte[] component) throws PackageException {
        KernelResponse answer = ask(new KernelCommand.ReplaceProcess(definition), Optional.of(Blob.of(component)));
        if (answer instanceof KernelResponse.ReplaceProcessError(String reason)) {
            throw new PackageException("the process " + definition.id() + " cannot be replaced: " + reason);
        }
        if (!(answer instanceof KernelResponse.ReplacedProcess)) {
            throw unexpected("replace " + definition.id(), answer);
        }
    }

    void run(ProcessId id) throws PackageException {
        Answer answer = send(new KernelCommand.RunProcess(id), Optional.empty());
        if (!(read(answer) instanceof KernelResponse.StartedProcess)) {
            throw new PackageException("the process " + id + " cannot be started" + reason(answer));
        }
    }

    /** Carries out a command that has no answer, or an answer only at times. */
    void tell(KernelCommand command) {
        kernel.tell(SELF, kernel.address(), Request.of(command.encode()), Optional.empty());
    }

    /** Ends processes, and returns when they are gone. */
    void kill(Iterable<ProcessId> ids) throws PackageException {
        ProcessId last = null;
        for (ProcessId id : ids) {
            tell(new KernelCommand.KillProcess(id));
            last = id;
        }
        if (last != null && entry(last).isPresent()) {
            throw new PackageException("the process " + last + " did not end");
        }
    }

    /** Takes capabilities away, where there are any. */
    void drop(ProcessId holder, List<Capability> capabilities) {
        if (!capabilities.isEmpty()) {
            tell(new KernelCommand.DropCapabilities(holder, capabilities));
        }
    }

    private KernelResponse ask(KernelCommand command, Optional<Blob> blob) throws PackageException {
        return read(send(command, blob));
    }

    private Answer send(KernelCommand command, Optional<Blob> blob) throws PackageException {
        try {
            return kernel.ask(SELF, kernel.address(), Request.of(command.encode()).expecting(SECONDS), blob)
                    .toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new PackageException("the kernel did not answer: " + e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PackageException("waiting for the kernel was interrupted", e);
        }
    }

    private static KernelResponse read(Answer answer) throws PackageException {
        try {
            return KernelResponse.parse(answer.response().body());
        } catch (CodecException e) {
            throw new PackageException("the kernel's answer cannot be read: " + e.getMessage(), e);
        }
    }

    /** What the kernel gives as its reason beside an answer that has no room for one. */
    private static String reason(Answer answer) {
        return answer.response().metadata().map(why -> ": " + why).orElse("");
    }

    private static PackageException unexpected(String what, KernelResponse answer) {
        return new PackageException("the kernel was asked to " + what + " and answered " + answer);
    }
}
