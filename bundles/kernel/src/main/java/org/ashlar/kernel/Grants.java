package org.ashlar.kernel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.store.StateStore.Change;

/**
 * Changes of who holds what, on disk when they return, as far as holder and issuer come back at the next boot; and what
 * of that a change of a process brings with it.
 */
final class Grants {
    private final Node node;

    Grants(Node node) {
        this.node = node;
    }

    /** Gives capabilities to a process; to one that does not exist, nothing. @throws LimitReached when there is no room */
    void give(ProcessId holder, Collection<SignedCapability> given) {
        give(holder, given, each -> true);
    }

    /** Gives what belongs to something that has happened already; when there is no room for it, a line says so. */
    void giveIfRoom(ProcessId holder, Collection<SignedCapability> given) {
        try {
            give(holder, given);
        } catch (LimitReached e) {
            node.printer().print(holder, 0, e.getMessage());
        }
    }

    /** Gives a guest what it keeps of what it received; nothing of a process that is no more: that has been revoked. */
    void save(ProcessId holder, Collection<SignedCapability> received) {
        give(holder, received, each -> !each.issuer().node().equals(node.name())
                || node.slots().get(each.issuer().process()) != null);
    }

    private void give(ProcessId holder, Collection<SignedCapability> given, Predicate<Capability> condition) {
        List<SignedCapability> added = new ArrayList<>();
        node.journal().apply(() -> {
            if (node.slots().get(holder) != null) {
                added.addAll(node.capabilities().add(holder,
                        given.stream().filter(each -> condition.test(each.capability())).toList()));
            }
            return puts(holder, added);
        }, () -> node.capabilities().drop(holder, added.stream().map(SignedCapability::capability).toList()));
    }

    /** Takes capabilities from a process; those it does not hold are ignored. */
    void take(ProcessId holder, Collection<Capability> taken) {
        List<SignedCapability> gone = new ArrayList<>();
        node.journal().apply(() -> {
            gone.addAll(node.capabilities().drop(holder, taken));
            return gone.stream().filter(each -> isKept(holder, each.capability()))
                    .map(each -> Ledger.remove(holder, each.capability())).toList();
        }, () -> node.capabilities().add(holder, gone));
    }

    /**
     * What a change of a process's definition brings with it on disk: for one that now comes back at the next boot its
     * entry, what it holds and what others hold of it; for one that does not any more, their removal.
     *
     * @param was   whether it came back before
     * @param added what it has been given with the change
     */
    List<Change> redefined(GuestSlot slot, boolean was, Collection<SignedCapability> added) {
        List<Change> changes = new ArrayList<>();
        if (slot.isPersistent()) {
            changes.add(Ledger.put(slot.entry()));
            if (was) {
                changes.addAll(puts(slot.id(), added));
            } else {
                concerning(slot.id(), (holder, each) -> changes.add(Ledger.put(holder, each)));
            }
        } else if (was) {
            changes.add(Ledger.remove(slot.id()));
            concerning(slot.id(), (holder, each) -> changes.add(Ledger.remove(holder, each.capability())));
        }
        return changes;
    }

    /** What a process that is no more takes with it, on disk and in memory: what it holds, and what others hold of it. */
    List<Change> gone(ProcessId id, boolean was) {
        List<Change> changes = new ArrayList<>();
        if (was) {
            changes.add(Ledger.remove(id));
            changes.add(Ledger.engine(id, Optional.empty()));
            concerning(id, (holder, each) -> changes.add(Ledger.remove(holder, each.capability())));
        }
        node.capabilities().forget(id);
        node.capabilities().revokeAll(id);
        return changes;
    }

    /** Whether a process that comes back at the next boot holds something of {@code issuer}. */
    boolean isIssuerOnDisk(ProcessId issuer) {
        return node.capabilities().issued(issuer).keySet().stream().anyMatch(this::comesBack);
    }

    /** All capabilities with {@code id} as holder or issuer that are on disk when it comes back itself. */
    private void concerning(ProcessId id, BiConsumer<ProcessId, SignedCapability> each) {
        for (SignedCapability held : node.capabilities().of(id)) {
            if (node.capabilities().isIssuedBy(held.capability(), id) || !isTransient(held.capability().issuer())) {
                each.accept(id, held);
            }
        }
        node.capabilities().issued(id).forEach((holder, issued) -> {
            if (!holder.equals(id) && comesBack(holder)) {
                issued.forEach(one -> each.accept(holder, one));
            }
        });
    }

    private List<Change> puts(ProcessId holder, Collection<SignedCapability> added) {
        return added.stream().filter(each -> isKept(holder, each.capability())).map(each -> Ledger.put(holder, each))
                .toList();
    }

    private boolean isKept(ProcessId holder, Capability capability) {
        return comesBack(holder) && !isTransient(capability.issuer());
    }

    private boolean comesBack(ProcessId id) {
        return node.slots().guest(id).map(GuestSlot::isPersistent).orElse(false);
    }

    /** Whether it is gone at the next boot, and with it what it issued. One that is not there yet may come back. */
    private boolean isTransient(Address issuer) {
        return issuer.node().equals(node.name())
                && node.slots().guest(issuer.process()).map(guest -> !guest.isPersistent()).orElse(false);
    }
}
