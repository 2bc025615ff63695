package org.ashlar.kernel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.store.StateStore.Change;

/** Changes of who holds what, on disk when they return, as far as holder and issuer come back at the next boot. */
final class Grants {
    private final Node node;

    Grants(Node node) {
        this.node = node;
    }

    /** Gives capabilities to a process; to one that does not exist, nothing. */
    void give(ProcessId holder, Collection<SignedCapability> given) {
        if (given.isEmpty() || node.slots().get(holder) == null) {
            return;
        }
        change(() -> {
            List<Change> changes = new ArrayList<>();
            for (SignedCapability added : node.capabilities().add(holder, given)) {
                if (isKept(holder, added.capability())) {
                    changes.add(Ledger.put(holder, added));
                }
            }
            node.ledger().commit(changes);
        });
    }

    /** Takes capabilities from a process; those it does not hold are ignored. */
    void take(ProcessId holder, Collection<Capability> taken) {
        change(() -> {
            List<Change> changes = new ArrayList<>();
            for (SignedCapability gone : node.capabilities().drop(holder, taken)) {
                if (isKept(holder, gone.capability())) {
                    changes.add(Ledger.remove(holder, gone.capability()));
                }
            }
            node.ledger().commit(changes);
        });
    }

    /** What puts a process, and all it holds that is kept, on disk. */
    List<Change> entryAndAll(GuestSlot slot) {
        List<Change> changes = new ArrayList<>();
        changes.add(Ledger.put(slot.entry()));
        for (SignedCapability each : node.capabilities().of(slot.id())) {
            if (isKept(slot.id(), each.capability())) {
                changes.add(Ledger.put(slot.id(), each));
            }
        }
        return changes;
    }

    /** Whether a capability is on disk: its holder comes back at the next boot, and so does its issuer. */
    boolean isKept(ProcessId holder, Capability capability) {
        boolean holderKept = node.slots().guest(holder).map(GuestSlot::isPersistent).orElse(false);
        boolean issuerTransient = capability.issuer().node().equals(node.name())
                && node.slots().guest(capability.issuer().process()).map(issuer -> !issuer.isPersistent()).orElse(false);
        return holderKept && !issuerTransient;
    }

    private void change(Runnable change) {
        node.tableLock().readLock().lock();
        try {
            change.run();
        } finally {
            node.tableLock().readLock().unlock();
        }
    }
}
