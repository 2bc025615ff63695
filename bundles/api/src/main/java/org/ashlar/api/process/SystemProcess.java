package org.ashlar.api.process;

import org.ashlar.api.message.Envelope;

/**
 * A process written in Java that comes in its own bundle: register an implementation as a service with the property
 * {@link #ID} and it has an address on this node.
 * <p>
 * Life cycle: while the service is registered the kernel delivers Requests to it. When it goes, its address, its mailbox
 * and the Requests it has not answered stay with the kernel; a successor with the same id gets what is handed back
 * ({@link Reply#handBack}) and what has arrived meanwhile. Without a successor within the grace period, senders get
 * send errors.
 * <p>
 * A system process has the full authority of the JVM: it may message every process, and is not subject to
 * capability checks as a sender. It must make its own checks on whom it serves.
 */
public interface SystemProcess {
    /** Service property, a String: the process id, such as {@code timer:distro:sys}. Required. */
    String ID = "ashlar.process";
    /** Service property, a Boolean: whether any local process may message it. Default {@code false}. */
    String PUBLIC = "ashlar.process.public";
    /** Service property, a Boolean: whether messages from other nodes are delivered to it. Default {@code false}. */
    String NETWORK = "ashlar.process.network";

    /**
     * Called for each Request, on a virtual thread: one after another for Requests from the same sender, in the order
     * they were sent; concurrently for different senders, at most 64 calls at once. Must not do file I/O, JNI calls or
     * anything that pins the thread: hand that to a bounded pool and answer from there.
     * <p>
     * Anything thrown is logged, and ends the Request as a send error to its sender unless it was answered. When no earlier
     * call has returned, and another provider can serve instead, this one's bundle is stopped and that one gets the Request.
     *
     * @param request the Request; {@code request.message()} is a {@link org.ashlar.api.message.Request}
     * @param reply   answers it, now or later, from any thread
     */
    void handle(Envelope request, Reply reply) throws Exception;
}
