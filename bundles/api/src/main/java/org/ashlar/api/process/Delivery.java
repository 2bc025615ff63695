package org.ashlar.api.process;

import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Message;
import org.ashlar.api.message.SendError;

/** What a guest takes from its mailbox. */
public sealed interface Delivery {
    /** The context given when the Request that this answers was sent. */
    Optional<byte[]> context();

    /** A message. */
    record Received(Address source, Message message, Optional<byte[]> context) implements Delivery { }

    /** A Request of ours that ended without an answer. */
    record Failed(SendError error, Optional<byte[]> context) implements Delivery { }
}
