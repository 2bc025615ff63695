package org.ashlar.kernel;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.service.Providers;
import org.ashlar.api.store.StateStore;
import org.ashlar.api.store.StateStore.Change;
import org.ashlar.api.store.StoreException;
import org.ashlar.codec.KernelCommand.Definition;
import org.ashlar.codec.MessageJson;
import org.ashlar.codec.ProcessEntry;

/**
 * What of the kernel's tables, and of its processes' state, is on disk. A change is there when {@link #commit} returns.
 * Any thread may call, virtual ones included; while there is no store, calls wait for one, bounded.
 */
final class Ledger {
    /** Largest state of a process, in bytes. */
    static final int MAX_STATE = StateStore.MAX_VALUE;
    private static final String PROCESSES = "process";
    private static final String CAPABILITIES = "capability";
    private static final String STATES = "state";
    private static final String ENGINES = "engine";

    private final Providers<StateStore> stores;
    private final NodeHeap heap;

    /** @param heap what state on its way to the store counts in */
    Ledger(Providers<StateStore> stores, NodeHeap heap) {
        this.stores = stores;
        this.heap = heap;
    }

    /** All processes kept, in order of their ids; those that cannot be read are given to {@code damaged} with the reason. */
    Map<ProcessId, Definition> processes(BiConsumer<String, String> damaged) {
        Map<ProcessId, Definition> processes = new LinkedHashMap<>();
        scan(PROCESSES, (key, value) -> {
            try {
                ProcessId id = ProcessId.parse(key);
                ProcessEntry entry = ProcessEntry.parse(value);
                processes.put(id, new Definition(id, entry.wasmBytesHandle(), entry.witVersion(), entry.onExit(),
                        List.of(), entry.isPublic()));
            } catch (IllegalArgumentException e) {
                damaged.accept(key, e.getMessage());
            }
        });
        return processes;
    }

    /** Whether {@code id} comes back at the next boot. */
    boolean has(ProcessId id) {
        return with(store -> store.get(PROCESSES, id.toString())).isPresent();
    }

    /** All capabilities kept, with their holders; those that cannot be read are given to {@code damaged} with the reason. */
    void capabilities(BiConsumer<ProcessId, SignedCapability> each, BiConsumer<String, String> damaged) {
        scan(CAPABILITIES, (key, value) -> {
            try {
                each.accept(ProcessId.parse(key.substring(0, Math.max(0, key.indexOf('/')))),
                        MessageJson.signedCapability(value));
            } catch (IllegalArgumentException e) {
                damaged.accept(key, e.getMessage());
            }
        });
    }

    /** The engines chosen for single processes. */
    Map<ProcessId, String> engines(BiConsumer<String, String> damaged) {
        Map<ProcessId, String> engines = new LinkedHashMap<>();
        scan(ENGINES, (key, value) -> {
            try {
                engines.put(ProcessId.parse(key), new String(value, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                damaged.accept(key, e.getMessage());
            }
        });
        return engines;
    }

    static Change engine(ProcessId id, Optional<String> engine) {
        return new Change(ENGINES, id.toString(), engine.map(name -> name.getBytes(StandardCharsets.UTF_8)));
    }

    /** Whether a store is there. */
    boolean isServed() {
        return stores.preferred().isPresent();
    }

    Optional<byte[]> state(ProcessId id) {
        return with(store -> store.get(STATES, id.toString()));
    }

    /** @throws LimitReached when all that is on its way leaves no room for it */
    void setState(ProcessId id, byte[] state) {
        if (state.length > MAX_STATE) {
            throw new StoreException("the state of " + id + " has " + state.length + " bytes; at most " + MAX_STATE
                    + " are kept: put what is larger into files");
        }
        try {
            if (!heap.moved(0, state.length)) {
                throw new LimitReached("its state of " + state.length + " bytes has no room on the way to the store: all"
                        + " processes of this node have the " + heap.most() + " bytes that they may have together");
            }
            commit(List.of(Change.put(STATES, id.toString(), state)));
        } finally {
            heap.moved(state.length, 0);
        }
    }

    void clearState(ProcessId id) {
        commit(List.of(new Change(STATES, id.toString(), Optional.empty())));
    }

    void commit(List<Change> changes) {
        with(store -> {
            store.commit(changes);
            return null;
        });
    }

    static Change put(Definition process) {
        return Change.put(PROCESSES, process.id().toString(), encode(process, process.onExit()));
    }

    /** @throws LimitReached when {@code process} with that on-exit would be more than is read again at the next boot */
    static void check(Definition process, OnExit onExit) {
        if (onExit instanceof OnExit.Requests && encode(process, onExit).length > ProcessEntry.MAX_BYTES) {
            throw new LimitReached("the on-exit Requests of " + process.id() + " are more than the " + ProcessEntry.MAX_BYTES
                    + " bytes that the entry of a process may have on disk, as JSON; nothing is changed");
        }
    }

    private static byte[] encode(Definition process, OnExit onExit) {
        return new ProcessEntry(process.wasmBytesHandle(), process.witVersion(), onExit, List.of(), process.isPublic())
                .encode();
    }

    static Change remove(ProcessId id) {
        return Change.remove(PROCESSES, id.toString());
    }

    static Change put(ProcessId holder, SignedCapability capability) {
        return Change.put(CAPABILITIES, key(holder, capability.capability()), MessageJson.encode(capability));
    }

    static Change remove(ProcessId holder, Capability capability) {
        return Change.remove(CAPABILITIES, key(holder, capability));
    }

    /** Params may be longer than a key, so they go in as a digest. */
    private static String key(ProcessId holder, Capability capability) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(capability.canonical().getBytes(StandardCharsets.UTF_8));
            return holder + "/" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private void scan(String table, BiConsumer<String, byte[]> each) {
        with(store -> {
            store.scan(table, "", each);
            return null;
        });
    }

    /** A store keeps nothing of what it failed to do, and doing anything here again changes nothing. */
    private <T> T with(Function<StateStore, T> use) {
        return stores.ask(Providers.GRACE, use::apply, () -> new StoreException(
                "no state store is running; deploy one (such as store-sqlite) and try again"));
    }
}
