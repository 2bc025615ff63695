package org.ashlar.api.net;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Two endpoints that send bytes to each other, in order. One thread may receive while another sends; neither is for several
 * threads at a time. {@link #close} may be called by any, and ends both at once.
 * <p>
 * There is no hidden queue: who does not receive makes the other side's {@link #send} wait, sooner or later.
 */
public interface Link extends AutoCloseable {
    /** Longest piece that a transport which keeps pieces must carry, in bytes; a longer one may end the link. */
    int MAX_PIECE = 65_535;

    /**
     * Waits for what the other side sends: the next piece, or what has come of the stream, at least one byte and at most
     * {@link #MAX_PIECE}. While it waits it keeps little memory.
     *
     * @return empty when the other side has ended the link
     * @throws IOException when it broke, was closed, or the other side does not keep to the protocol
     */
    Optional<byte[]> receive() throws IOException;

    /**
     * Sends pieces, and waits until the other side, or what lies between, has room for them. As few packets as possible: they
     * belong together.
     *
     * @throws IOException when the link broke or was closed; how much went out is unknown
     */
    void send(List<byte[]> pieces) throws IOException;

    /** Lets the other side, and what lies between, see that the link is in use. May be called like {@link #send}. */
    void keepAlive() throws IOException;

    /**
     * Says that nothing more will be sent. What was sent still arrives, and the other side may still send; to be called like
     * {@link #send}.
     */
    void finish() throws IOException;

    /** Whom it leads to, for a person. */
    String remote();

    /** Ends it. Closing it again does nothing. */
    @Override
    void close();
}
