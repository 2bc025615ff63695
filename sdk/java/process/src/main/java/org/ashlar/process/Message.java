package org.ashlar.process;

import java.util.List;
import java.util.Optional;

/**
 * A message that arrived. Its blob is not part of it: {@link Process#blob} fetches that when it is wanted, and only
 * until the next message is received or awaited.
 */
public sealed interface Message extends Mail permits Request, Response {

    /** Who sent it; the node vouches for it. */
    Address source();

    /** The sender wanted its own last blob to travel on. */
    boolean inherit();

    /** The content, in a form that the two processes agreed on. The array is the caller's own. */
    byte[] body();

    /** Free text beside the body, JSON by convention. */
    Optional<String> metadata();

    /** Capabilities that the sender attached. They are lost unless {@link Process#saveCapabilities} keeps them. */
    List<Capability> capabilities();

    /** The body read as UTF-8; malformed bytes become replacement characters. */
    default String text() {
        return Utf8.decode(body());
    }
}
