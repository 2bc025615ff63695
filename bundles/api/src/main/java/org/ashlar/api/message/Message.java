package org.ashlar.api.message;

import java.util.List;
import java.util.Optional;

/** What one process says to another: a {@link Request}, or the {@link Response} to one. */
public sealed interface Message permits Request, Response {
    /** Whether the blob (and, for a Request, the id and the receiver of the answer) of the parent message is passed on. */
    boolean inherit();

    /** The content; its encoding is the receiver's affair. Not to be modified. */
    byte[] body();

    /** A text beside the body, JSON by convention. */
    Optional<String> metadata();

    /** The capabilities that come with it. */
    List<SignedCapability> capabilities();
}
