package org.ashlar.net;

import java.time.Duration;
import org.ashlar.codec.MessagePackCodec;
import org.ashlar.codec.PeerFrame;

/** The bounds of the network, one place for all. */
final class Limits {
    /** Making a connection and the handshake on it, each. */
    static final Duration HANDSHAKE = Duration.ofSeconds(5);
    /** Connections by others on which the handshake is not over; the oldest makes room. */
    static final int HALF_OPEN = 256;
    /** How long nothing may go either way over a connection before it is closed. */
    static final Duration IDLE = Duration.ofMinutes(30);
    /** How long nothing is sent before the connection is shown to be in use. */
    static final Duration KEEP_ALIVE = Duration.ofSeconds(30);
    /** How long one write may take: then the peer takes nothing any more. */
    static final Duration STALLED = Duration.ofSeconds(60);
    /** How long a connection that another has taken the place of goes on receiving. */
    static final Duration LINGER = Duration.ofSeconds(5);
    /** How much apart two connections may be made that both nodes ask for at the same time. */
    static final Duration SIMULTANEOUS = Duration.ofSeconds(5);
    /** Waits after a connection could not be made: the first, which doubles, and the longest. */
    static final Duration FIRST_BACKOFF = Duration.ofMillis(250);
    static final Duration MAX_BACKOFF = Duration.ofSeconds(8);
    /** How long a connection over which nothing came must have stood for its end to be no failed attempt. */
    static final Duration STAYED = Duration.ofSeconds(5);
    /** How long a node is tried again and again with which there just was a connection: it may be changing its transport. */
    static final Duration PATIENCE = Duration.ofSeconds(8);
    /** Connections with one node at a time; the oldest makes room. */
    static final int CONNECTIONS_OF_PEER = 4;
    /** Requests that wait to be sent to one node. */
    static final int WAITING_REQUESTS = 1_000;
    static final long WAITING_REQUEST_BYTES = 16L << 20;
    /** Bytes from which a message counts as large: these wait apart from the rest, for Requests and Responses each. */
    static final long LARGE = PeerFrame.UNOFFERED;
    static final long WAITING_LARGE_BYTES = 64L << 20;
    /** Responses that wait to be sent to one node: as many as it may have Requests open. */
    static final int WAITING_RESPONSES = 16_384;
    static final long WAITING_RESPONSE_BYTES = 64L << 20;
    /** Senders that wait for room in one node's line, and in all: the kernel makes 64 calls to the network at a time. */
    static final int PARKED_OF_PEER = 8;
    static final int PARKED = 32;
    /** How long a message without a deadline of its own waits for room. */
    static final Duration ROOM = Duration.ofSeconds(5);
    /** Messages, and bytes of them, that go out in one write. */
    static final int BATCH = 64;
    static final int BATCH_BYTES = 128 << 10;
    /** What goes to a node of this kind and is not acknowledged: then no new message is begun. */
    static final long WINDOW_BYTES = 4L << 20;
    static final int WINDOW_PARTS = 4_096;
    /** Bytes of the heap for large messages of others that are under way, twice the bytes of each; half of it for one node. */
    static final long ROOM_BYTES = Math.max(4L * MessagePackCodec.MAX_MESSAGE, Math.min(1L << 30, Runtime.getRuntime().maxMemory() / 4));
    /** Large messages to one node that are under way at a time. */
    static final int LARGE_OF_PEER = 2;
    /** The largest message that goes to a node of this kind, or is taken from one; less when there is not the room. */
    static final int LARGEST = 128 << 20;
    /** How long nothing may come of a message that was begun. */
    static final Duration STUCK = Duration.ofSeconds(60);
    /** Parts and bytes after which it is said at once that they were taken, and how long that may wait otherwise. */
    static final int ACK_PARTS = 64;
    static final long ACK_BYTES = 512 << 10;
    static final Duration ACK_DELAY = Duration.ofMillis(100);
    /** What waits to be said over a connection beside messages; more than the protocol has need of is not said. */
    static final int CONTROL = 64;
    /** Runs of a node that are remembered after another took its place. */
    static final int INCARNATIONS = 8;
    /** How long it is shown that two copies of a node were seen. */
    static final Duration COPIES = Duration.ofMinutes(10);
    /** Nodes of which that is remembered. */
    static final int COPIES_OF = 1_024;
    /** Nodes that processes told of, beside those in directories. */
    static final int ANNOUNCED = 100_000;
    /** Hex digits of a key that confirm it: 64 bits, which nobody meets by trying keys. */
    static final int CONFIRMED_DIGITS = 16;
    /** Claims of directories of which is remembered that they were told. */
    static final int TOLD = 4_096;
    /** What a search may take beyond what directories may. */
    static final Duration SEARCH_MARGIN = Duration.ofSeconds(1);
    /** Nodes whose keys are kept parsed; the one that was not needed for longest makes room. */
    static final int KEYS = 4_096;
    /** How long to wait for a transport that is being replaced. */
    static final Duration TRANSPORT = Duration.ofSeconds(10);
    /** How long attempts to connect by a transport that goes may take to their end, of the time that its departure may take. */
    static final Duration LEASES = Duration.ofMillis(1_500);
    /** How long what is under way may take when a connection, or the whole network, is given up in order. */
    static final Duration DRAIN = Duration.ofSeconds(3);
    /** Links that a router leads to other nodes or that wait for it, in all, and of one node that asks or is asked for. */
    static final int ROUTED = 128;
    static final int ROUTED_OF_NODE = 16;
    /** How long such a link waits for the node that was asked to call back. */
    static final Duration ROUTED_WAIT = Duration.ofSeconds(6);
    /** Bytes that go through a router to one node, both ways, within this time. */
    static final long ROUTED_BYTES = 4L << 30;
    static final Duration ROUTED_TIME = Duration.ofHours(1);
    /** Routing requests that are remembered, so that none is taken twice. */
    static final int ROUTING_SEEN = 4_096;
    /** How often a node looks whether its routers are there. */
    static final Duration ROUTER_LOOK = Duration.ofSeconds(4);
    /** Nodes that are called back at a time through routers. */
    static final int CALLING = 16;
    /** Lines that one node may make appear with {@code hi} in this time. */
    static final int HI_LINES = 20;
    static final Duration HI_TIME = Duration.ofSeconds(10);
    /** Nodes whose lines are counted; when as many have greeted within that time, those of further ones are not shown. */
    static final int HI_NODES = 1_024;
    /** Bytes of such a line that are shown. */
    static final int HI_BYTES = 1_024;

    private Limits() { }
}
