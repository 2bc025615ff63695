package org.ashlar.sim;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.ashlar.api.net.Link;

/**
 * One end of a connection. What is sent goes in numbered packets; those that are lost are sent again, ever later, until that makes
 * no sense any more; the other end puts them in order. Who has no room for more makes this end's {@code send} wait.
 */
final class CableEnd implements Link {
    /** Most bytes that are sent and were not received by the program at the other end. */
    private static final int WINDOW = 256 << 10;
    private static final long FIRST_AGAIN_NANOS = 200_000_000L;
    private static final long LONGEST_AGAIN_NANOS = 4_000_000_000L;
    /** After this long without an answer the connection is given up. */
    private static final long GIVE_UP_NANOS = 20_000_000_000L;
    /** As the sockets of nodes do: who has been silent for that long is asked whether he is there, so many times. */
    private static final long KEEP_ALIVE_NANOS = 30_000_000_000L;
    private static final int KEEP_ALIVE_TIMES = 3;
    private static final byte[] END = {};

    private final Wires wires;
    private final Cable cable;
    private final String host;
    private final String there;
    private final Deque<byte[]> arrived = new ArrayDeque<>();
    /** Packets that overtook others. */
    private final Map<Long, byte[]> early = new HashMap<>();
    private final Tap tap = new Tap();
    private CableEnd other;
    private long nextOut;
    private long nextIn;
    /** Bytes that were sent and the other program has not received. */
    private int underway;
    /** When something came. */
    private long heard;
    private boolean finished;
    private boolean closed;
    private Optional<String> broken = Optional.empty();
    private Thread reader;
    private Thread writer;

    CableEnd(Wires wires, Cable cable, String host, String there) {
        this.wires = wires;
        this.cable = cable;
        this.host = host;
        this.there = there;
    }

    void join(CableEnd end) {
        other = end;
        heard = wires.loop().now();
        probeLater(heard + KEEP_ALIVE_NANOS, 1);
    }

    String host() {
        return host;
    }

    boolean isOver() {
        return closed || broken.isPresent();
    }

    @Override
    public String remote() {
        return there + "#" + cable.number();
    }

    @Override
    public Optional<byte[]> receive() throws IOException {
        while (arrived.isEmpty()) {
            checkOpen();
            reader = Thread.currentThread();
            LockSupport.park(this);
            reader = null;
        }
        byte[] piece = arrived.peek();
        if (piece == END) {
            return Optional.empty();
        }
        arrived.poll();
        other.underway -= piece.length;
        LockSupport.unpark(other.writer);
        return Optional.of(piece.clone());
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new IOException("the connection is closed");
        }
        if (broken.isPresent()) {
            throw new IOException(broken.get());
        }
    }

    @Override
    public void send(List<byte[]> pieces) throws IOException {
        for (byte[] piece : pieces) {
            checkOpen();
            if (!tap.looksRandom(piece)) {
                throw wires.broken("what " + host + " sends to " + there + " begins the same again and again after it was encrypted: a"
                        + " nonce was used more than once");
            }
            while (underway > 0 && underway + piece.length > WINDOW) {
                writer = Thread.currentThread();
                LockSupport.park(this);
                writer = null;
                checkOpen();
            }
            if (finished) {
                throw new IOException("nothing more was to be sent");
            }
            transmit(piece.clone());
        }
    }

    private void transmit(byte[] piece) {
        underway += piece.length;
        attempt(nextOut++, piece, wires.loop().now(), FIRST_AGAIN_NANOS);
    }

    private void attempt(long number, byte[] piece, long first, long again) {
        if (broken.isPresent()) {
            return;
        }
        if (!wires.isLost(host, there)) {
            wires.loop().at(wires.loop().now() + wires.delay(), wires.life(), () -> other.arrive(number, piece, first, again));
        } else if (wires.loop().now() - first > GIVE_UP_NANOS) {
            broke("nobody answers any more");
        } else {
            again(number, piece, first, again);
        }
    }

    private void again(long number, byte[] piece, long first, long again) {
        wires.loop().at(wires.loop().now() + again, wires.life(),
                () -> attempt(number, piece, first, Math.min(2 * again, LONGEST_AGAIN_NANOS)));
    }

    private void probeLater(long at, int time) {
        wires.loop().at(at, wires.life(), () -> probe(time));
    }

    private void probe(int time) {
        long now = wires.loop().now();
        if (isOver()) {
            return;
        }
        if (now - heard < KEEP_ALIVE_NANOS) {
            probeLater(heard + KEEP_ALIVE_NANOS, 1);
        } else if (wires.isLost(host, there) || wires.isLost(there, host) || other.isOver() && !wires.isUp(there)) {
            if (time == KEEP_ALIVE_TIMES) {
                broke("nobody answers any more");
            } else {
                probeLater(now + KEEP_ALIVE_NANOS, time + 1);
            }
        } else if (other.isOver()) {
            broke("the other side reset the connection");
        } else {
            heard = now;
            probeLater(now + KEEP_ALIVE_NANOS, 1);
        }
    }

    private void arrive(long number, byte[] piece, long first, long again) {
        if (closed || broken.isPresent()) {
            if (wires.isUp(host)) {
                if (piece != END) {
                    reset();
                }
            } else if (wires.loop().now() - first > GIVE_UP_NANOS) {
                other.broke("nobody answers any more");
            } else {
                other.again(number, piece, first, again);
            }
            return;
        }
        heard = wires.loop().now();
        early.put(number, piece);
        for (byte[] next = early.remove(nextIn); next != null; next = early.remove(nextIn)) {
            nextIn++;
            arrived.add(next);
        }
        LockSupport.unpark(reader);
    }

    /** Tells the other end that there is nobody here; that, too, may be lost. */
    private void reset() {
        if (!wires.isLost(host, there)) {
            wires.loop().at(wires.loop().now() + wires.delay(), wires.life(), () -> other.broke("the other side reset the connection"));
        }
    }

    void broke(String why) {
        if (!closed && broken.isEmpty()) {
            broken = Optional.of(why);
            early.clear();
            arrived.clear();
            wake();
        }
    }

    private void wake() {
        LockSupport.unpark(reader);
        LockSupport.unpark(writer);
        cable.isOver();
    }

    /** Its machine is no more. */
    void crashed(boolean silently) {
        if (silently) {
            broke("the machine has crashed");
        } else {
            close();
        }
    }

    @Override
    public void keepAlive() throws IOException {
        checkOpen();
    }

    @Override
    public void finish() throws IOException {
        checkOpen();
        if (!finished) {
            finished = true;
            transmit(END);
        }
    }

    @Override
    public void close() {
        if (isOver()) {
            closed = true;
            return;
        }
        if (arrived.stream().anyMatch(piece -> piece != END)) {
            reset();
        } else if (!finished) {
            finished = true;
            transmit(END);
        }
        closed = true;
        wake();
    }
}
