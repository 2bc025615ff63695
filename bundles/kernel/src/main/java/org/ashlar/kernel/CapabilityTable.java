package org.ashlar.kernel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.SignedCapability;

/**
 * Who holds which capability. Being in this table is what makes a capability real on this node; signatures matter only
 * when one comes from or goes to another node, so they are kept as they came and made when one leaves.
 * <p>
 * Any thread may look; changes are made within {@link Journal#apply}, which also puts them on disk.
 */
final class CapabilityTable {
    /** Most capabilities one process may hold: as many as there may be processes for it to message. */
    static final int MAX_HELD = Slots.MAX;
    /** Longest params of one capability, in characters. */
    static final int MAX_PARAMS = 4_096;
    /** Most characters that the params of all capabilities of one process may have. */
    static final int MAX_HELD_PARAMS = 16 << 20;

    private final String node;
    private final Map<ProcessId, Map<Capability, SignedCapability>> held = new ConcurrentHashMap<>();
    /** How long the params in {@link #held} are, all together. Guarded by this. */
    private final Map<ProcessId, Long> lengths = new HashMap<>();
    /** By local issuer and by holder, what of {@link #held} it issued. Guarded by this. */
    private final Map<ProcessId, Map<ProcessId, Set<Capability>>> issued = new HashMap<>();
    private final AtomicLong revision = new AtomicLong();

    /** @param node the name of this node */
    CapabilityTable(String node) {
        this.node = node;
    }

    /** Another number each time after capabilities were taken away: what was held before may not be any more. */
    long revision() {
        return revision.get();
    }

    boolean holds(ProcessId holder, Capability capability) {
        Map<Capability, SignedCapability> of = held.get(holder);
        return of != null && of.containsKey(capability);
    }

    /** Everything {@code holder} holds, in no particular order. */
    List<SignedCapability> of(ProcessId holder) {
        Map<Capability, SignedCapability> of = held.get(holder);
        return of == null ? List.of() : List.copyOf(of.values());
    }

    /**
     * Gives capabilities to {@code holder}; with those it has already nothing happens.
     *
     * @return those that are new
     * @throws LimitReached when one is too long, or all together are too many or too long; none is added then
     */
    synchronized List<SignedCapability> add(ProcessId holder, Collection<SignedCapability> given) {
        if (given.isEmpty()) {
            return List.of();
        }
        checkRoom(holder, given);
        Map<Capability, SignedCapability> of = held.computeIfAbsent(holder, h -> new ConcurrentHashMap<>(4));
        List<SignedCapability> added = new ArrayList<>();
        for (SignedCapability each : given) {
            if (of.putIfAbsent(each.capability(), each) == null) {
                added.add(each);
                lengths.merge(holder, (long) length(each), Long::sum);
                index(holder, each.capability());
            }
        }
        return added;
    }

    private void checkRoom(ProcessId holder, Collection<SignedCapability> given) {
        Map<Capability, SignedCapability> of = held.getOrDefault(holder, Map.of());
        long length = lengths.getOrDefault(holder, 0L);
        for (SignedCapability each : given) {
            if (isTooLong(each.capability())) {
                throw new LimitReached("a capability of " + each.capability().issuer() + " for " + holder + " has params of "
                        + length(each) + " characters; at most " + MAX_PARAMS + " are allowed");
            }
            length += of.containsKey(each.capability()) ? 0 : length(each);
        }
        if (of.size() + given.size() > MAX_HELD) {
            throw new LimitReached(holder + " would hold more than " + MAX_HELD + " capabilities; none is added");
        }
        if (length > MAX_HELD_PARAMS) {
            throw new LimitReached(holder + " would hold capabilities with " + length + " characters of params, more than "
                    + MAX_HELD_PARAMS + "; none is added");
        }
    }

    /** Whether its params are longer than those of any capability that exists on this node. */
    static boolean isTooLong(Capability capability) {
        return capability.params().length() > MAX_PARAMS;
    }

    private static int length(SignedCapability capability) {
        return capability.capability().params().length();
    }

    /** Takes capabilities from {@code holder}. @return those it had */
    synchronized List<SignedCapability> drop(ProcessId holder, Collection<Capability> dropped) {
        Map<Capability, SignedCapability> of = held.get(holder);
        List<SignedCapability> gone = new ArrayList<>();
        if (of != null) {
            for (Capability each : dropped) {
                SignedCapability had = of.remove(each);
                if (had != null) {
                    gone.add(had);
                    shorten(holder, had);
                    unindex(holder, each);
                }
            }
            revision.incrementAndGet();
        }
        return gone;
    }

    /** {@code holder} is no more. @return what it held */
    synchronized List<SignedCapability> forget(ProcessId holder) {
        Map<Capability, SignedCapability> of = held.remove(holder);
        lengths.remove(holder);
        revision.incrementAndGet();
        if (of == null) {
            return List.of();
        }
        of.keySet().forEach(each -> unindex(holder, each));
        return List.copyOf(of.values());
    }

    /** What of the local process {@code issuer} is held, by its holders. */
    synchronized Map<ProcessId, List<SignedCapability>> issued(ProcessId issuer) {
        Map<ProcessId, List<SignedCapability>> all = new HashMap<>();
        issued.getOrDefault(issuer, Map.of()).forEach((holder, of) ->
                all.put(holder, of.stream().map(held.get(holder)::get).toList()));
        return all;
    }

    /** Takes everything that the local process {@code issuer} has issued from everyone. */
    synchronized void revokeAll(ProcessId issuer) {
        Map<ProcessId, Set<Capability>> all = issued.remove(issuer);
        if (all != null) {
            all.forEach((holder, of) -> of.forEach(each -> shorten(holder, held.get(holder).remove(each))));
        }
        revision.incrementAndGet();
    }

    private void shorten(ProcessId holder, SignedCapability by) {
        lengths.computeIfPresent(holder, (h, length) -> length == length(by) ? null : length - length(by));
    }

    private void index(ProcessId holder, Capability capability) {
        if (capability.issuer().node().equals(node)) {
            issued.computeIfAbsent(capability.issuer().process(), i -> new HashMap<>(2))
                    .computeIfAbsent(holder, h -> new HashSet<>(2)).add(capability);
        }
    }

    private void unindex(ProcessId holder, Capability capability) {
        issued.computeIfPresent(capability.issuer().process(), (issuer, all) -> {
            all.computeIfPresent(holder, (h, of) -> of.remove(capability) && of.isEmpty() ? null : of);
            return all.isEmpty() ? null : all;
        });
    }

    /**
     * What {@code sender} may really attach: what it issues itself, within {@link #MAX_PARAMS}, and what it holds, with the
     * signature it was stored with. The rest is left out silently (reference-kernel 5.4).
     */
    List<SignedCapability> filter(ProcessId sender, List<SignedCapability> attached) {
        if (attached.isEmpty()) {
            return attached;
        }
        List<SignedCapability> kept = new ArrayList<>(attached.size());
        Map<Capability, SignedCapability> of = held.getOrDefault(sender, Map.of());
        for (SignedCapability each : attached) {
            if (isIssuedBy(each.capability(), sender) && !isTooLong(each.capability())) {
                kept.add(SignedCapability.unsigned(each.capability()));
            } else if (of.get(each.capability()) instanceof SignedCapability stored) {
                kept.add(stored);
            }
        }
        return kept;
    }

    /** Whether the local process {@code issuer} issued it. */
    boolean isIssuedBy(Capability capability, ProcessId issuer) {
        return capability.issuer().process().equals(issuer) && capability.issuer().node().equals(node);
    }
}
