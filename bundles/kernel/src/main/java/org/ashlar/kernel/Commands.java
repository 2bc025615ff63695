package org.ashlar.kernel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.JsonValue;
import org.ashlar.codec.KernelCommand;
import org.ashlar.codec.KernelCommand.Definition;
import org.ashlar.codec.KernelResponse;
import org.ashlar.codec.ProcessEntry;

/** The system process {@code kernel:distro:sys}: what the kernel is asked by message (reference-kernel 4.1). */
final class Commands implements SystemProcess {
    private final Node node;

    Commands(Node node) {
        this.node = node;
    }

    /**
     * Does what is asked and answers. A body that is no command gets no answer, as the specification has it, and one line
     * in the log; nor does a kill of a process that is not there.
     */
    @Override
    public void handle(Envelope request, Reply reply) throws Exception {
        if (!request.source().node().equals(node.name())) {
            node.warn("the kernel takes no commands from other nodes; " + request.source() + " sent one");
            return;
        }
        KernelCommand command;
        try {
            command = KernelCommand.parse(request.message().body());
        } catch (CodecException e) {
            node.printer().print(node.kernelId(), 0, request.source() + " sent the kernel what is no command: "
                    + e.getMessage());
            if (isImproperlyNamed(request.message().body(), e)) {
                reply.respond(Response.of(new KernelResponse.InitializeProcessError().encode()));
            }
            return;
        }
        execute(request, command).ifPresent(answer -> reply.respond(Response.of(answer.body().encode())
                .withMetadata(answer.reason())));
    }

    /** The specification's answers have no room for a reason, so it goes beside them, as metadata. */
    private record Outcome(KernelResponse body, Optional<String> reason) {
        static Optional<Outcome> of(KernelResponse body) {
            return Optional.of(new Outcome(body, Optional.empty()));
        }
    }

    /** Whether it would make a process but for a name outside the grammar, which the specification answers (case K46). */
    private static boolean isImproperlyNamed(byte[] body, CodecException refusal) {
        return refusal.getCause() instanceof IdentifierException
                && JsonValue.parse("kernel command", body, KernelCommand.MAX_BYTES).variant().name().equals("InitializeProcess");
    }

    private Optional<Outcome> execute(Envelope request, KernelCommand command) {
        ProcessId sender = request.source().process();
        return switch (command) {
            case KernelCommand.Booted booted -> {
                runAll();
                yield Optional.empty();
            }
            case KernelCommand.InitializeProcess(Definition definition) ->
                    initialize(sender, definition, request.blob());
            case KernelCommand.ReplaceProcess(Definition definition) ->
                    replace(sender, definition, request.blob());
            case KernelCommand.RunProcess(ProcessId id) -> run(id);
            case KernelCommand.KillProcess(ProcessId id) -> kill(id);
            case KernelCommand.GrantCapabilities(ProcessId target, List<Capability> capabilities) -> {
                node.grants().giveIfRoom(target, unsigned(capabilities));
                yield Optional.empty();
            }
            case KernelCommand.DropCapabilities(ProcessId target, List<Capability> capabilities) -> {
                node.grants().take(target, capabilities.stream().map(node::resolve).toList());
                yield Optional.empty();
            }
            case KernelCommand.SetOnExit(ProcessId target, OnExit onExit) -> {
                node.slots().guest(target).ifPresent(slot -> node.guests().setOnExit(slot, onExit));
                yield Optional.empty();
            }
            case KernelCommand.Shutdown shutdown -> {
                node.askToStop(sender);
                yield Optional.empty();
            }
            case KernelCommand.DebugProcessMap debug -> Outcome.of(new KernelResponse.ProcessMap(processes()));
            case KernelCommand.DebugProcess(ProcessId id) -> Outcome.of(new KernelResponse.Process(
                    Optional.ofNullable(node.slots().get(id)).map(this::entry)));
            case KernelCommand.DebugHasCap(ProcessId on, Capability capability) -> Outcome.of(new KernelResponse.HasCap(
                    Optional.ofNullable(node.slots().get(on))
                            .map(slot -> node.capabilities().holds(on, node.resolve(capability)))));
        };
    }

    private Optional<Outcome> initialize(ProcessId sender, Definition definition, Optional<Blob> blob) {
        try {
            GuestSlot made = node.guests().initialize(definition, component(blob), allowed(sender, definition));
            node.grants().giveIfRoom(sender, List.of(SignedCapability.unsigned(Capability.messaging(made.address()))));
            return Outcome.of(new KernelResponse.InitializedProcess());
        } catch (CommandRefused e) {
            return refused(definition.id(), new KernelResponse.InitializeProcessError(), e);
        }
    }

    private Optional<Outcome> replace(ProcessId sender, Definition definition, Optional<Blob> blob) {
        try {
            node.guests().replace(definition, component(blob), allowed(sender, definition));
            return Outcome.of(new KernelResponse.ReplacedProcess());
        } catch (CommandRefused e) {
            return refused(definition.id(), new KernelResponse.ReplaceProcessError(e.getMessage()), e);
        }
    }

    private static byte[] component(Optional<Blob> blob) throws CommandRefused {
        try {
            return blob.orElseThrow(() -> new CommandRefused("the command came without a component in its blob")).bytes();
        } catch (IOException e) {
            throw new CommandRefused("the component cannot be read: " + e.getMessage());
        }
    }

    /** What a new process may be given: by the node's own bundles anything, by a guest what it holds itself. */
    private Collection<SignedCapability> allowed(ProcessId sender, Definition definition) {
        List<SignedCapability> wanted = unsigned(definition.initialCapabilities());
        if (node.slots().get(sender) instanceof Slot slot && slot.isTrusted()) {
            return wanted;
        }
        List<SignedCapability> kept = new ArrayList<>();
        for (SignedCapability each : wanted) {
            if (node.capabilities().holds(sender, each.capability())) {
                kept.add(each);
            } else {
                node.printer().print(sender, 0, sender + " cannot give " + definition.id() + " the capability "
                        + each.capability() + ", which it does not hold");
            }
        }
        return kept;
    }

    private List<SignedCapability> unsigned(List<Capability> capabilities) {
        return capabilities.stream().map(node::resolve).map(SignedCapability::unsigned).toList();
    }

    private Optional<Outcome> run(ProcessId id) {
        try {
            node.guests().run(id);
            return Outcome.of(new KernelResponse.StartedProcess());
        } catch (CommandRefused e) {
            return refused(id, new KernelResponse.RunProcessError(), e);
        }
    }

    private Optional<Outcome> refused(ProcessId id, KernelResponse answer, CommandRefused why) {
        node.printer().print(id, 0, why.getMessage());
        return Optional.of(new Outcome(answer, Optional.of(why.getMessage())));
    }

    private void runAll() {
        node.slots().all().stream().filter(GuestSlot.class::isInstance).forEach(slot -> run(slot.id()));
    }

    /** The specification has no answer for one that fails. */
    private Optional<Outcome> kill(ProcessId id) {
        try {
            if (node.guests().kill(id)) {
                return Outcome.of(new KernelResponse.KilledProcess(id));
            }
            node.printer().print(id, 2, "there is no process " + id + " to kill");
        } catch (CommandRefused e) {
            node.printer().print(id, 0, e.getMessage());
        }
        return Optional.empty();
    }

    private Map<ProcessId, ProcessEntry> processes() {
        Map<ProcessId, ProcessEntry> map = new TreeMap<>();
        node.slots().all().forEach(slot -> map.put(slot.id(), entry(slot)));
        return map;
    }

    private ProcessEntry entry(Slot slot) {
        List<Capability> held = node.capabilities().of(slot.id()).stream().map(SignedCapability::capability).toList();
        return switch (slot) {
            case GuestSlot guest -> new ProcessEntry(guest.entry().wasmBytesHandle(), guest.entry().witVersion(),
                    guest.entry().onExit(), held, guest.isPublic());
            case SystemSlot system -> new ProcessEntry("", Optional.of(1L), OnExit.RESTART, held, system.isPublic());
            case RemoteSlot remote -> throw new IllegalArgumentException(remote.id() + " of another node is no process here");
        };
    }
}
