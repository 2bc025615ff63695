package org.ashlar.process;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A request that arrived. {@link Process#reply(byte[])} answers it.
 *
 * @param source who sent it
 * @param inherit whether the sender let its last blob travel on
 * @param expectsResponse the seconds within which the sender wants an answer; empty: it wants none
 * @param body the content
 * @param metadata free text beside the body
 * @param capabilities what the sender attached
 */
public record Request(Address source, boolean inherit, OptionalLong expectsResponse, byte[] body,
        Optional<String> metadata, List<Capability> capabilities) implements Message {
}
