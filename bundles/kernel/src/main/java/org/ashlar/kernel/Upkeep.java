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
        for (Slot slot : node.slots().all()) {
            try {
                tend(slot, now);
            } catch (RuntimeException | Error e) {
                LOG.error("what was due at {} could not be done; it is tried again at the next tick", slot.id(), e);
            }
        }
    }

    private void tend(Slot slot, long now) {
        slot.outstanding().expire(now);
        if (slot.isUnservedFor(Providers.GRACE.toNanos(), now)) {
            slot.mailbox().expire(now - Providers.GRACE.toNanos(), mail -> undeliverable(slot, mail));
        }
        switch (slot) {
            case SystemSlot system -> system.tidy();
            case GuestSlot guest when guest.isDue(now) -> node.guests().start(guest);
            case GuestSlot guest -> { }
        }
    }

    private void undeliverable(Slot slot, Item.Mail mail) {
        Dispatch.release(mail);
        node.printer().print(slot.id(), 1, "a Request of " + mail.envelope().source() + " to " + slot.id()
                + " was given up: nothing has run there for " + Providers.GRACE.toSeconds() + " s");
    }
}
