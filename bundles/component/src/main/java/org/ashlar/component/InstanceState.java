package org.ashlar.component;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What an instance of a component keeps while it lives. Used by one thread at a time. */
final class InstanceState {
    private static final InstanceState[] NONE = {};

    final Store store;
    final HandleTable handles;
    final Texts texts = new Texts();
    /** By slot; filled while it is instantiated. */
    final RuntimeResource[] resources;
    private final InstanceState[] selfAndAncestors;

    /** False while it runs, and for ever after it has trapped: what it left undone cannot be known. */
    private boolean mayEnter = true;
    /** False while it serves the canonical ABI (allocation, clean-up), when it may call nothing outside. */
    boolean mayLeave = true;
    /** Bytes that may still be lifted in the current call. */
    long room;

    InstanceState(Store store, Optional<InstanceState> parent, int slots) {
        this.store = store;
        this.handles = new HandleTable(store.budget());
        this.resources = new RuntimeResource[slots];
        List<InstanceState> line = new ArrayList<>();
        line.add(this);
        parent.ifPresent(p -> line.addAll(Arrays.asList(p.selfAndAncestors)));
        this.selfAndAncestors = line.toArray(NONE);
    }

    /**
     * The instances that a call to this one enters, when it comes from {@code caller}, or from the host: this and its
     * ancestors, without those that the caller is in already ({@code CanonicalABI.md}, "Component Instances").
     */
    InstanceState[] enteredFrom(Optional<InstanceState> caller) {
        if (caller.isEmpty()) {
            return selfAndAncestors;
        }
        List<InstanceState> inside = Arrays.asList(caller.get().selfAndAncestors);
        return Arrays.stream(selfAndAncestors).filter(instance -> !inside.contains(instance)).toArray(InstanceState[]::new);
    }

    static void enter(InstanceState[] instances) {
        for (InstanceState instance : instances) {
            if (!instance.mayEnter) {
                throw new ComponentTrap("cannot enter component instance");
            }
        }
        for (InstanceState instance : instances) {
            instance.mayEnter = false;
        }
    }

    /** Not to be called after a trap. */
    static void leave(InstanceState[] instances) {
        for (InstanceState instance : instances) {
            instance.mayEnter = true;
        }
    }

    void checkMayLeave() {
        if (!mayLeave) {
            throw new ComponentTrap("cannot leave component instance");
        }
    }
}
