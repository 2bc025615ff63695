package org.ashlar.net;

import java.util.List;
import org.ashlar.api.identity.Identity;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Message;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.codec.MessagePackCodec;

/**
 * Capabilities on their way between nodes (reference-kernel 5.3): those that processes of this node issued are signed when
 * they leave; one that comes back must have such a signature. Those of others pass as they are: what they are worth is for
 * their issuers to say. Any thread may call.
 */
final class Capabilities {
    private final Identity identity;

    Capabilities(Identity identity) {
        this.identity = identity;
    }

    /** With a signature at each capability that this node issued. */
    Envelope signed(Envelope envelope) {
        List<SignedCapability> carried = envelope.message().capabilities();
        if (carried.stream().noneMatch(this::ours)) {
            return envelope;
        }
        return with(envelope, carried.stream().map(each -> ours(each)
                ? new SignedCapability(each.capability(), identity.sign(MessagePackCodec.signedBytes(each.capability()))) : each).toList());
    }

    /** Without those that say to be of this node and are not. */
    Envelope checked(Envelope envelope) {
        List<SignedCapability> carried = envelope.message().capabilities();
        if (carried.stream().noneMatch(this::ours)) {
            return envelope;
        }
        return with(envelope, carried.stream().filter(each -> !ours(each)
                || identity.verify(MessagePackCodec.signedBytes(each.capability()), each.signature())).toList());
    }

    private boolean ours(SignedCapability each) {
        return each.capability().issuer().node().equals(identity.name());
    }

    private static Envelope with(Envelope envelope, List<SignedCapability> carried) {
        Message message = switch (envelope.message()) {
            case Request request -> request.withCapabilities(carried);
            case Response response -> response.withCapabilities(carried);
        };
        return new Envelope(envelope.id(), envelope.source(), envelope.target(), envelope.rsvp(), message, envelope.blob());
    }
}
