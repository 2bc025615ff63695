package org.ashlar.kernel;

import org.ashlar.api.service.Providers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done at every tick of the clock: ends what has waited too long, starts what has waited long enough. For one
 * thread. Whatever goes wrong with one slot keeps it from no other: without the clock nothing would ever time out.
 */
final class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private final Node node;

    Upkeep(Node node) {
        this.node = node;
    }

    void tick() {
        long now = node.clock().nanos();
        for (Slot slot : node.agenda().due(now)) {
            if (node.slots().get(slot.id()) == slot) {
                visit(slot, now);
            }
        }
        node.arrivals().remotes().forEach(remote -> remote.outstanding().expire(now));
    }

    private void visit(Slot slot, long now) {
        long next = now;
        try {
            tend(slot, now);
            next = next(slot, now);
        } catch (RuntimeException | Error e) {
            LOG.error("what was due at {} could not be done; it is tried again at the next tick", slot.id(), e);
        }
        if (next < Long.MAX_VALUE) {
            node.agenda().add(slot, next);
        }
    }

    private void tend(Slot slot, long now) {
        slot.outstanding().expire(now);
        if (slot.isUnservedFor(Providers.GRACE.toNanos(), now)) {
            slot.mailbox().expire(now - Providers.GRACE.toNanos(), mail -> undeliverable(slot, mail));
        }
        switch (slot) {
            case SystemSlot system -> system.tidy(now);
            case GuestSlot guest when guest.isDue(now) -> node.guests().start(guest);
            case GuestSlot guest -> { }
            case RemoteSlot remote -> { }
        }
    }

    /**
     * While nothing serves a slot it is looked at in every tick: its mail may wait for a limited time only. And once more when
     * something does again, which may just have been started: else its next absence would count from this one.
     */
    private static long next(Slot slot, long now) {
        if (!slot.isServed() || slot.wasUnserved()) {
            return now;
        }
        long outstanding = slot.outstanding().earliest();
        return slot instanceof SystemSlot system ? Math.min(outstanding, system.nextTidying(now)) : outstanding;
    }

    private void undeliverable(Slot slot, Item.Mail mail) {
        Dispatch.release(mail);
        node.printer().print(slot.id(), 1, "a Request of " + mail.envelope().source() + " to " + slot.id()
                + " was given up: nothing has run there for " + Providers.GRACE.toSeconds() + " s");
    }
}
