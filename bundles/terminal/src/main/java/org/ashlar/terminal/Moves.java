package org.ashlar.terminal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.api.process.ProcessStatus.State;

/** The guests that a swap starts again: waits for them, and tells how long each was away. */
final class Moves {
    /** How long those that are busy are waited for; they move all the same. */
    static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Those who run guests learn of what has come a moment later than it can be seen: until then none seems to move. */
    private static final Duration SETTLING = Duration.ofSeconds(5);
    private static final Duration STEP = Duration.ofMillis(100);
    private static final int STEPS_A_LINE = 10;
    private static final int NAMED = 10;

    private final Parts parts;
    private final Map<ProcessId, ProcessStatus> before;

    Moves(Parts parts) {
        this.parts = parts;
        this.before = parts.restarting().stream().collect(Collectors.toMap(ProcessStatus::id, each -> each));
    }

    int count() {
        return before.size();
    }

    /** Their names, as many as a person reads. */
    String names() {
        return names(before.keySet().stream().sorted().toList());
    }

    private static String names(List<ProcessId> ids) {
        String names = ids.stream().limit(NAMED).map(ProcessId::toString).collect(Collectors.joining(", "));
        return ids.size() > NAMED ? names + " and " + (ids.size() - NAMED) + " more" : names;
    }

    /**
     * Waits until all have moved, or none is left to move (some may stay) and that is no news, at most {@link #PATIENCE}; tells
     * on the way.
     */
    void await(Session session) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        int steps = 0;
        List<ProcessStatus> left = left();
        while (!hasSettled(left, System.nanoTime() - begun) && session.pause(STEP)) {
            if (++steps % STEPS_A_LINE == 0) {
                session.line(moved().size() + " of " + before.size() + " have moved");
            }
            left = left();
        }
    }

    private boolean hasSettled(List<ProcessStatus> left, long nanos) {
        boolean rests = left.isEmpty() && (nanos >= SETTLING.toNanos() || moved().size() >= before.size());
        return rests || nanos >= PATIENCE.toNanos();
    }

    private List<ProcessStatus> left() {
        return parts.restarting().stream().filter(each -> before.containsKey(each.id()) && (each.moving()
                || each.state() == State.DRAINING || each.state() == State.STARTING || each.state() == State.EMPTY)).toList();
    }

    private List<ProcessStatus> moved() {
        return parts.restarting().stream().filter(each -> before.containsKey(each.id())
                && each.restarts() > before.get(each.id()).restarts()).toList();
    }

    /** How many moved, how long they were away, and what did not move and why. */
    void report(Session session) throws IOException {
        List<Double> pauses = moved().stream().flatMap(each -> each.lastPause().stream()).map(each -> each.toNanos() / 1e6)
                .sorted().toList();
        if (!pauses.isEmpty()) {
            session.line(String.format(Locale.ROOT, "%d processes were started again; away for p50 %.1f ms, p99 %.1f ms, at most"
                    + " %.1f ms", moved().size(), pauses.get(pauses.size() / 2), pauses.get(pauses.size() * 99 / 100),
                    pauses.getLast()));
        }
        List<ProcessStatus> left = left();
        List<ProcessId> busy = left.stream().filter(each -> each.state() != State.EMPTY).map(ProcessStatus::id).toList();
        if (!busy.isEmpty()) {
            session.line("still busy, and moving when they come to their next receive: " + names(busy));
        }
        List<ProcessId> empty = left.stream().filter(each -> each.state() == State.EMPTY).map(ProcessStatus::id).toList();
        if (!empty.isEmpty()) {
            session.line("waiting for something to run them: " + names(empty));
        }
        List<ProcessId> moved = moved().stream().map(ProcessStatus::id).toList();
        List<ProcessId> stayed = before.keySet().stream().filter(id -> !moved.contains(id)
                && left.stream().noneMatch(each -> each.id().equals(id))).sorted().toList();
        if (!stayed.isEmpty()) {
            session.line("staying where they are (\"ashlar log\" says why): " + names(stayed));
        }
    }
}
