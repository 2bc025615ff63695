package org.ashlar.kernel;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.GuestException;
import org.ashlar.api.process.GuestProgram;
import org.ashlar.api.process.GuestStopped;
import org.ashlar.api.process.ProcessStatus.State;
import org.ashlar.api.service.Providers;
import org.ashlar.api.store.StoreException;

/** Runs guests, each on a virtual thread of its own, and does what their on-exit says when they end. */
final class GuestRunner {
    /** How long a guest that was told to stop may take to be gone. */
    private static final long STOP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** How many of those that did not give way are named. */
    private static final int NAMED = 20;
    private static final Duration ABSENT_RETRY = Duration.ofSeconds(1);

    private final Node node;
    private final Guests guests;

    GuestRunner(Node node, Guests guests) {
        this.node = node;
        this.guests = guests;
    }

    /** Starts a run, unless one goes on. */
    void start(GuestSlot slot) {
        slot.begin().ifPresent(session -> node.threads().start(slot.id().toString(), () -> run(slot, session)));
    }

    /** Runs it, and what comes after it without a pause: on a thread of its own that would queue behind all others. */
    private void run(GuestSlot slot, GuestSession first) {
        Optional<GuestSession> session = Optional.of(first);
        while (session.isPresent()) {
            session = runOnce(slot, session.get());
        }
    }

    /** @return the run that follows at once */
    private Optional<GuestSession> runOnce(GuestSlot slot, GuestSession session) {
        try {
            Optional<GuestException> failure = failureOf(slot, session);
            session.gate().end();
            if (failure.isPresent() && failure.get().phase() == GuestException.Phase.ABSENT && !session.hasTaken()) {
                couldNotRun(slot, session);
            } else {
                ended(slot, session, failure);
            }
            return Optional.empty();
        } catch (GuestStopped e) {
            session.gate().end();
            return unwound(slot, session);
        }
    }

    /** Runs it to its end. Whatever comes out of a runtime is an end: a run that ended and goes on in the books is a zombie. */
    private Optional<GuestException> failureOf(GuestSlot slot, GuestSession session) {
        try {
            GuestProgram program = program(slot, session);
            session.gate().begin();
            slot.running(session);
            program.run(session);
            return Optional.empty();
        } catch (GuestStopped e) {
            throw e;
        } catch (GuestException e) {
            return Optional.of(e);
        } catch (RuntimeException | Error e) {
            if (!session.hasTaken() && session.loaded().filter(on -> node.services().failed(on.runtime(), e)).isPresent()) {
                return Optional.of(new GuestException(GuestException.Phase.ABSENT, "its runtime fails: " + e, e));
            }
            node.report(slot.id() + " failed inside its runtime", e);
            return Optional.of(new GuestException(GuestException.Phase.TRAP, "internal error: " + e, e));
        }
    }

    /**
     * What to run: loaded anew when what it was loaded on has gone. Whoever takes that away looks at the session afterwards,
     * so the session says what it runs on before this looks whether that is still there.
     */
    private GuestProgram program(GuestSlot slot, GuestSession session) throws GuestException {
        Workshop.Loaded loaded = slot.runOnLoaded(session);
        if (!node.isThere(loaded)) {
            byte[] component = slot.component();
            loaded = node.workshop().load(component, slot.engine(), Duration.ZERO);
            slot.setLoaded(component, loaded);
            session.runOn(loaded);
        }
        if (!node.isCurrent(loaded, slot.engine()) && slot.isPersistent()) {
            guests.migrate(); // what is current came after it was loaded, and before it was in the table
        }
        return loaded.program();
    }

    /**
     * Nothing is there to run it, as between two versions of an engine: it has neither run nor failed, and has taken nothing
     * that would be lost without a word. It is started when something comes; and again and again, because what comes just now may have missed it.
     */
    private void couldNotRun(GuestSlot slot, GuestSession session) {
        if (slot.end(session)) {
            slot.retryLater(State.EMPTY, ABSENT_RETRY);
        }
    }

    /** It gave way, or was made to: it starts again unless somebody else sees to that. */
    private Optional<GuestSession> unwound(GuestSlot slot, GuestSession session) {
        if (!session.gaveWay()) {
            slot.crashed();
        }
        if (slot.end(session) && !node.isStopping()) {
            if (slot.isPersistent() || session.gaveWay() || session.isReplaced()) {
                return slot.begin();
            }
            guests.remove(slot, "it ended");
        }
        return Optional.empty();
    }

    private void ended(GuestSlot slot, GuestSession session, Optional<GuestException> failure) {
        OnExit onExit = slot.entry().onExit();
        tell(slot, onExit, failure);
        failure.ifPresent(why -> node.failures().failed(slot.id(), why.getMessage(), node.clock().nanos()));
        slot.crashed();
        if (!slot.end(session) || node.isStopping()) {
            return;
        }
        try {
            switch (onExit) {
                case OnExit.None none -> guests.remove(slot, "it ended");
                case OnExit.Restart restart -> restart(slot);
                case OnExit.Requests(var requests) -> {
                    requests.forEach(each -> part(slot, each));
                    guests.remove(slot, "it ended");
                }
            }
        } catch (StoreException e) {
            node.report("the end of " + slot.id() + " could not be written down", e);
        }
    }

    private void restart(GuestSlot slot) {
        Duration wait = slot.nextWait();
        if (wait.isZero()) {
            start(slot);
        } else {
            slot.retryLater(State.BACKOFF, wait);
            node.printer().print(slot.id(), 0, slot.id() + " is started again in " + wait.toSeconds() + " s");
        }
    }

    private void part(GuestSlot slot, OnExit.Parting parting) {
        Request request = new Request(false, OptionalLong.empty(), parting.request().body(), parting.request().metadata(),
                parting.request().capabilities());
        node.outbox().post(slot, parting.target(), request, parting.blob(), null);
    }

    private void tell(GuestSlot slot, OnExit onExit, Optional<GuestException> failure) {
        if (failure.isEmpty()) {
            node.printer().print(slot.id(), 1, "process " + slot.id() + " returned without error");
        } else {
            String output = failure.get().output().isEmpty() ? "" : "\n" + failure.get().output();
            node.printer().print(slot.id(), 0, "process " + slot.id() + " ended with error: "
                    + failure.get().getMessage() + output);
        }
        String then = switch (onExit) {
            case OnExit.None none -> "nothing";
            case OnExit.Restart restart -> "it is started again";
            case OnExit.Requests(var requests) -> requests.size() + " Requests are sent";
        };
        node.printer().print(slot.id(), 1, "process " + slot.id() + " on exit: " + then);
    }

    /** Ends the run of a slot that is held, politely at first. */
    void giveWay(GuestSlot slot, String reason) {
        slot.drain().ifPresent(session -> {
            session.replace();
            endAll(Map.of(slot, session), Providers.DRAIN, reason);
        });
    }

    /** Waits up to {@code patience} for runs to end, then makes them, all at once. */
    void endAll(Map<GuestSlot, GuestSession> running, Duration patience, String reason) {
        long deadline = node.clock().nanos() + patience.toNanos();
        Map<GuestSlot, GuestSession> late = new LinkedHashMap<>();
        running.forEach((slot, session) -> {
            if (!slot.awaitEnd(session, deadline - node.clock().nanos())) {
                late.put(slot, session);
            }
        });
        late.forEach((slot, session) -> session.stop(reason));
        late.keySet().stream().limit(NAMED).forEach(slot -> node.printer().print(slot.id(), 0,
                "process " + slot.id() + " did not give way in time and was stopped"));
        if (late.size() > NAMED) {
            node.warn("so were " + (late.size() - NAMED) + " other processes");
        }
        long gone = node.clock().nanos() + STOP_NANOS;
        late.forEach((slot, session) -> slot.awaitEnd(session, gone - node.clock().nanos()));
    }

    /** Ends a run at once. */
    void end(GuestSlot slot, GuestSession session, String reason) {
        session.stop(reason);
        slot.awaitEnd(session, STOP_NANOS);
    }
}
