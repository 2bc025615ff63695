package org.ashlar.kernel;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SendError;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SystemProcess;

/** What a system process answers one Request with. */
final class SystemReply implements Reply {
    private final SystemSlot slot;
    private final SystemProcess provider;
    private final Item.Mail mail;
    private final Node node;
    private final AtomicBoolean done = new AtomicBoolean();

    SystemReply(SystemSlot slot, SystemProcess provider, Item.Mail mail, Node node) {
        this.slot = slot;
        this.provider = provider;
        this.mail = mail;
        this.node = node;
    }

    SystemProcess provider() {
        return provider;
    }

    Item.Mail mail() {
        return mail;
    }

    @Override
    public boolean expected() {
        return mail.repliable() && (mail.exchange() == null || !mail.exchange().isSettled());
    }

    @Override
    public Instant arrivedAt() {
        return mail.arrivedAt();
    }

    @Override
    public boolean senderHolds(Capability capability) {
        ProcessId sender = mail.envelope().source().process();
        return mail.envelope().source().node().equals(slot.address().node())
                && (node.capabilities().holds(sender, capability)
                || node.capabilities().isIssuedBy(capability, sender));
    }

    @Override
    public void respond(Response response, Optional<Blob> blob) {
        if (claim()) {
            node.outbox().respond(slot, mail, response, blob);
        }
    }

    @Override
    public void refuse() {
        giveUp();
    }

    @Override
    public void relay(Address source, Response response, Optional<Blob> blob) {
        if (claim()) {
            node.router().relay(slot, mail, source, response, blob);
        }
    }

    @Override
    public void fail(SendError.Kind kind) {
        if (claim()) {
            Router.end(mail, kind);
        }
    }

    @Override
    public void handBack() {
        if (claim()) {
            slot.takeBack(provider, mail);
        }
    }

    /** The provider will not answer any more. @return false when it already has */
    boolean giveUp() {
        boolean first = claim();
        if (first) {
            Dispatch.release(mail);
        }
        return first;
    }

    private boolean claim() {
        boolean first = done.compareAndSet(false, true);
        if (first) {
            slot.settled(this);
        }
        return first;
    }
}
