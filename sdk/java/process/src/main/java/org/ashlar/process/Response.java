package org.ashlar.process;

import java.util.List;
import java.util.Optional;

/**
 * The answer to one of our requests.
 *
 * @param source who answered: the target, or a process further down the chain
 * @param inherit whether the sender let its last blob travel on
 * @param body the content
 * @param metadata free text beside the body
 * @param capabilities what the sender attached
 * @param context the bytes that our request was sent with; always empty after {@link OutgoingRequest#await}
 */
public record Response(Address source, boolean inherit, byte[] body, Optional<String> metadata,
        List<Capability> capabilities, Optional<byte[]> context) implements Message {
}
