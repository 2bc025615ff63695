package org.ashlar.kernel;

import java.util.ArrayDeque;
import java.util.Deque;
import org.ashlar.api.message.Address;

/** The Requests of one sender to a {@link SystemSlot}, in order; guarded by that one's lock. */
record Lane(Address sender, Deque<Item.Mail> waiting) {
    Lane(Address sender) {
        this(sender, new ArrayDeque<>(2));
    }

    /** What a provider that left handed back is older than what came meanwhile, and goes before it. */
    void add(Item.Mail mail) {
        Deque<Item.Mail> newer = new ArrayDeque<>(0);
        while (!waiting.isEmpty() && waiting.peekLast().queuedNanos() > mail.queuedNanos()) {
            newer.push(waiting.pollLast());
        }
        waiting.add(mail);
        waiting.addAll(newer);
    }
}
