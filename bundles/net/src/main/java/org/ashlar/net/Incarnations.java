package org.ashlar.net;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.ashlar.codec.PeerFrame;

/**
 * The runs of another node: the one that is talked to, and those whose place others took. Each draws a number when it begins.
 * One that shows itself alive after another took its place is a copy that runs beside it: all are told, and the one that came
 * last is talked to. Not for several threads; its {@link Peer} guards it.
 */
final class Incarnations {
    private final Collection<Side> sides;
    private final Set<Long> former = new LinkedHashSet<>();
    private Optional<Long> current = Optional.empty();

    /** What it means that a run says that it is there. */
    enum News { KNOWN, RESTARTED, COPY }

    /** @param sides of all connections with the node */
    Incarnations(Collection<Side> sides) {
        this.sides = sides;
    }

    /** The run {@code number} says over {@code side} that it is there. */
    News hello(Side side, long number) {
        if (former.contains(number)) {
            dismiss(side);
            return News.COPY;
        }
        Optional<Long> before = current;
        current = Optional.of(number);
        side.incarnation = current;
        if (before.isEmpty() || before.equals(current)) {
            return News.KNOWN;
        }
        if (former.size() >= Limits.INCARNATIONS) {
            former.remove(former.iterator().next());
        }
        former.add(before.get());
        sides.stream().filter(each -> each.incarnation.equals(before)).forEach(each -> each.say(new PeerFrame.Probe()));
        return News.RESTARTED;
    }

    /** One that was asked whether it is still there is. @return whether another took its place: then there are two */
    boolean alive(Side side) {
        boolean twice = side.incarnation.isPresent() && former.contains(side.incarnation.get());
        if (twice) {
            dismiss(side);
            sides.stream().filter(this::isCurrent).forEach(each -> each.say(new PeerFrame.Copies()));
        }
        return twice;
    }

    /** Whoever says that it is there afterwards is the first. */
    void forget() {
        former.clear();
        current = Optional.empty();
    }

    private static void dismiss(Side copy) {
        copy.say(new PeerFrame.Copies());
        copy.leave();
    }

    /** Whether at its other end is the run that is talked to. */
    boolean isCurrent(Side side) {
        return side.incarnation.isPresent() && side.incarnation.equals(current);
    }
}
