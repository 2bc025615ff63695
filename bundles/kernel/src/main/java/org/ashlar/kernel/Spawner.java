package org.ashlar.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.process.GuestTrap;
import org.ashlar.api.process.SpawnRequest;
import org.ashlar.api.process.Spawned;
import org.ashlar.api.store.FileStore;
import org.ashlar.codec.KernelCommand.Definition;

/**
 * Makes children for guests (reference-kernel 4.5, as intended: a taken name is reported and its owner notices nothing,
 * and parent and child may message each other before the child's first instruction).
 */
final class Spawner {
    private final Node node;

    Spawner(Node node) {
        this.node = node;
    }

    Spawned spawn(GuestSlot parent, SpawnRequest request) {
        ProcessId id = childId(parent, request);
        Optional<byte[]> component = read(parent, request.wasmPath());
        if (component.isEmpty()) {
            return new Spawned.NoFileAtPath();
        }
        if (node.slots().get(id) != null) {
            return new Spawned.NameTaken();
        }
        return make(parent, request, id, component.get());
    }

    private ProcessId childId(GuestSlot parent, SpawnRequest request) {
        String name = request.name().orElseGet(() -> Long.toUnsignedString(node.randomId()));
        try {
            return ProcessId.of(name, parent.id().packageId());
        } catch (IdentifierException e) {
            throw new GuestTrap("spawn: " + e.getMessage());
        }
    }

    /** A guest may spawn from its own package's drive. */
    private Optional<byte[]> read(GuestSlot parent, String path) {
        String relative = path.startsWith("/") ? path.substring(1) : path;
        boolean own = relative.startsWith(parent.id().packageId() + "/" + FileStore.PACKAGE_DRIVE + "/");
        if (!own) {
            node.printer().print(parent.id(), 0, parent.id() + " may not spawn from " + path
                    + ": it lies outside its own package drive /" + parent.id().packageId() + "/pkg");
            return Optional.empty();
        }
        return node.workshop().read(relative);
    }

    private Spawned make(GuestSlot parent, SpawnRequest request, ProcessId id, byte[] component) {
        Address address = new Address(node.name(), id);
        List<SignedCapability> given = new ArrayList<>(node.capabilities().filter(parent.id(), request.requested().stream()
                .map(node::resolve).map(SignedCapability::unsigned).toList()));
        given.add(SignedCapability.unsigned(Capability.messaging(parent.address())));
        Definition definition = new Definition(id, handle(request.wasmPath()), parent.entry().witVersion(),
                request.onExit(), List.of(), request.isPublic());
        GuestSlot child;
        try {
            child = node.guests().initialize(definition, component, given);
        } catch (CommandRefused e) {
            node.printer().print(parent.id(), 0, parent.id() + " could not spawn: " + e.getMessage());
            return node.slots().get(id) != null ? new Spawned.NameTaken() : new Spawned.NoFileAtPath();
        }
        grants(parent, request, address).forEach(node.grants()::giveIfRoom);
        node.guests().start(child);
        return new Spawned.Child(id);
    }

    private Map<ProcessId, List<SignedCapability>> grants(GuestSlot parent, SpawnRequest request, Address child) {
        Map<ProcessId, List<SignedCapability>> grants = new HashMap<>();
        grants.put(parent.id(), new ArrayList<>(List.of(SignedCapability.unsigned(Capability.messaging(child)))));
        for (SpawnRequest.Grant grant : request.grants()) {
            grants.computeIfAbsent(grant.holder(), holder -> new ArrayList<>())
                    .add(SignedCapability.unsigned(new Capability(child, grant.params())));
        }
        return grants;
    }

    private static String handle(String path) {
        return path.startsWith("/") ? path.substring(1) : path;
    }
}
