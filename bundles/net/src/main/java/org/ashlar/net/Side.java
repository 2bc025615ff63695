package org.ashlar.net;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.ashlar.codec.PeerFrame;

/** What there is to one connection with a node of this kind. Not for several threads; its {@link Peer} guards it. */
final class Side {
    private final Deque<PeerFrame> control = new ArrayDeque<>();
    /** The run that is at the other end, once it has said so. */
    Optional<Long> incarnation = Optional.empty();
    /** The stream whose parts come over it. */
    Optional<Long> stream = Optional.empty();
    /** Bytes of the largest message that goes over it. */
    int largest;
    /** Whether the other side understands groups of frames. */
    boolean takesGroups;
    /** Whether what the other side may not have heard of is to be offered again. */
    boolean offersAgain;
    /** Whether the other side has said where to go on. */
    boolean opened;
    /** Whether it sends no more, once it has said what it had to. */
    private boolean leaving;

    /** What is to be said beside messages; more than the protocol has need of is not. */
    void say(PeerFrame frame) {
        if (control.size() < Limits.CONTROL) {
            control.add(frame);
        }
    }

    boolean hasToSay() {
        return !control.isEmpty();
    }

    /** Takes out what is to be said. */
    List<byte[]> said() {
        List<byte[]> frames = new ArrayList<>(control.size());
        while (!control.isEmpty()) {
            frames.add(control.poll().encode());
        }
        return frames;
    }

    void leave() {
        leaving = true;
    }

    boolean isLeaving() {
        return leaving;
    }
}
