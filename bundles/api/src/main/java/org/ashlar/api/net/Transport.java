package org.ashlar.api.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Carries bytes between two endpoints, and knows nothing of what they mean: who is at the other end, and that nobody reads
 * along, is the affair of who uses it.
 * <p>
 * Life cycle: registered as a service while it can be used; hold it {@code 0..n}, dynamic. When it goes, all its links end.
 * Methods may be called on any thread; they block, so virtual threads are meant to call them.
 */
public interface Transport {
    /** What others call it in their addresses, such as {@code tcp} or {@code ws}. Of several, one each is used. */
    String protocol();

    /**
     * Whether what is sent in one piece is received as one piece. Otherwise a link is a stream of bytes, which may come cut
     * anywhere.
     */
    boolean keepsPieces();

    /**
     * Makes a link to {@code to}. It is not certain that anybody answers before the first {@link Link#receive} returns.
     *
     * @param patience how long to wait for the other side
     * @throws IOException when nobody is there within that time; the message says where
     */
    Link connect(InetSocketAddress to, Duration patience) throws IOException;

    /**
     * Takes links from others.
     *
     * @param at       where; port 0 is any that is free
     * @param accepted given each link, as soon as somebody has connected, on the one thread that waits for the next: to
     *                 return at once
     * @throws IOException when the address or port cannot be had
     */
    Listener listen(InetSocketAddress at, Consumer<Link> accepted) throws IOException;

    /** Where links are taken from others, until it is closed; those that were taken go on. */
    interface Listener extends AutoCloseable {
        InetSocketAddress address();

        @Override
        void close();
    }
}
