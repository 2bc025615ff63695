package org.ashlar.api.process;

import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;

/**
 * A guest's wish for a child.
 *
 * @param name      the child's process name as the guest gave it, unchecked; empty: the kernel makes one up
 * @param wasmPath  where its component lies: {@code /package:publisher/pkg/file.wasm}
 * @param onExit    what happens when the child ends
 * @param requested capabilities for the child; kept are those the parent holds or issues
 * @param grants    capabilities issued by the child that others get
 * @param isPublic  whether any local process may message the child
 */
public record SpawnRequest(Optional<String> name, String wasmPath, OnExit onExit, List<Capability> requested,
                           List<Grant> grants, boolean isPublic) {

    /** A capability with {@code params}, issued by the child, for {@code holder}. */
    public record Grant(ProcessId holder, String params) { }
}
