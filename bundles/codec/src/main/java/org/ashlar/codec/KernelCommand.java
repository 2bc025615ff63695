package org.ashlar.codec;

import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;

/**
 * What the kernel is asked to do, as the body of a Request to {@code kernel:distro:sys} (reference-kernel 4.1).
 */
public sealed interface KernelCommand {
    /** Longest body read, in bytes. */
    int MAX_BYTES = 16 << 20;

    /** @throws CodecException when {@code body} is no kernel command */
    static KernelCommand parse(byte[] body) {
        return KernelCommandJson.read(JsonValue.parse("kernel command", body, MAX_BYTES));
    }

    /** The body that asks for this. */
    default byte[] encode() {
        return JsonText.utf8(KernelCommandJson.write(this));
    }

    /** Sends {@code run} to every process; by convention only the node itself says so. */
    record Booted() implements KernelCommand { }

    /** Makes a process of the component in the blob; it waits for {@link RunProcess}. */
    record InitializeProcess(Definition definition) implements KernelCommand { }

    /**
     * Puts the component in the blob in the place of the one that a process has, which keeps its mailbox and what it
     * holds, and gets the initial capabilities beside. When the new component cannot be loaded the process stays as it
     * was. Not in the specification: the reference kills and forgets.
     */
    record ReplaceProcess(Definition definition) implements KernelCommand { }

    /** Lets an initialized process run. */
    record RunProcess(ProcessId id) implements KernelCommand { }

    record KillProcess(ProcessId id) implements KernelCommand { }

    record GrantCapabilities(ProcessId target, List<Capability> capabilities) implements KernelCommand {
        public GrantCapabilities {
            capabilities = List.copyOf(capabilities);
        }
    }

    record DropCapabilities(ProcessId target, List<Capability> capabilities) implements KernelCommand {
        public DropCapabilities {
            capabilities = List.copyOf(capabilities);
        }
    }

    record SetOnExit(ProcessId target, OnExit onExit) implements KernelCommand { }

    record Shutdown() implements KernelCommand { }

    /** Asks for all processes. */
    record DebugProcessMap() implements KernelCommand { }

    /** Asks for one process. */
    record DebugProcess(ProcessId id) implements KernelCommand { }

    /** Asks whether a process holds a capability. */
    record DebugHasCap(ProcessId on, Capability capability) implements KernelCommand { }

    /**
     * A process to be.
     *
     * @param id                  its name
     * @param wasmBytesHandle     where its component lies, relative to {@code vfs}: read from there at the next boot
     * @param witVersion          the version of the guest world its package named; informational
     * @param onExit              what happens when it ends
     * @param initialCapabilities what it is to hold
     * @param isPublic            whether any local process may message it
     */
    record Definition(ProcessId id, String wasmBytesHandle, Optional<Long> witVersion, OnExit onExit,
                      List<Capability> initialCapabilities, boolean isPublic) {
        public Definition {
            initialCapabilities = List.copyOf(initialCapabilities);
        }
    }
}
