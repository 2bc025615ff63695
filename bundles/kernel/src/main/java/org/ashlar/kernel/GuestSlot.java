package org.ashlar.kernel;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.api.process.ProcessStatus.State;
import org.ashlar.codec.KernelCommand.Definition;
import org.ashlar.kernel.Workshop.Loaded;

/**
 * The slot of a guest, and the guest's life: {@code initialized → starting → running → draining → empty → starting …}.
 * {@link Guests} moves it on; each step is atomic, under the slot's monitor, which is never held while waiting.
 */
final class GuestSlot extends Slot {
    private static final long NOT_YET = Long.MAX_VALUE;

    private final Node node;
    private byte[] component;
    private final Backoff backoff = new Backoff();
    private volatile Definition definition;
    private volatile State state = State.INITIALIZED;
    private volatile GuestSession session;
    private Loaded loaded;
    /** The engine that was chosen for it alone. */
    private volatile Optional<String> engine = Optional.empty();
    private Conversation conversation;
    /** Used by the thread of the run that goes on. */
    private final Reserved reserved;
    private Instant startedAt;
    /** When the guest's own code began: loading it is no sign of health. */
    private long startedNanos = NOT_YET;
    private long restartAt = Long.MAX_VALUE;
    private int runs;
    private final Absence absence = new Absence();
    /** Written by the thread of the run that goes on. */
    private volatile long fuel;
    private final Hold hold = new Hold();

    GuestSlot(Address address, Definition definition, byte[] component, Loaded loaded, Node node) {
        super(address, node.heap());
        this.conversation = new Conversation(node.heap());
        this.reserved = new Reserved(node.heap());
        this.definition = definition;
        this.component = component;
        this.loaded = loaded;
        this.node = node;
    }

    Definition entry() {
        return definition;
    }

    synchronized void setOnExit(OnExit onExit) {
        definition = new Definition(definition.id(), definition.wasmBytesHandle(), definition.witVersion(), onExit,
                definition.initialCapabilities(), definition.isPublic());
    }

    /** Whether it comes back at the next boot. */
    boolean isPersistent() {
        return !(definition.onExit() instanceof OnExit.None);
    }

    State state() {
        return state;
    }

    Optional<String> engine() {
        return engine;
    }

    void setEngine(Optional<String> name) {
        engine = name;
    }

    synchronized byte[] component() {
        return component;
    }

    synchronized Loaded loaded() {
        return loaded;
    }

    /** Settles what {@code run} runs on. */
    synchronized Loaded runOnLoaded(GuestSession run) {
        run.runOn(loaded);
        return loaded;
    }

    /** @param of what it was loaded from; by now the slot may have another component */
    synchronized void setLoaded(byte[] of, Loaded now) {
        if (component == of) {
            loaded = now;
        }
    }

    /**
     * Makes the next run one on {@code next}, and asks the one that goes on to give way.
     *
     * @param of what {@code next} was loaded from
     * @return what runs now and is to give way; empty when nothing does, or when it is not the moment
     */
    synchronized Optional<GuestSession> moveTo(byte[] of, Loaded next) {
        if (component != of || hold.isOn() || isClosed()) {
            return Optional.empty();
        }
        loaded = next;
        boolean moves = session != null && session.loaded().filter(now -> now.program() != next.program()).isPresent();
        return moves ? drain() : Optional.empty();
    }

    /** The run that goes on unwinds at a receive. */
    synchronized void givesWay() {
        absence.begin(node.clock().nanos());
    }

    /** A run has come to its first receive. */
    synchronized void resumed() {
        if (absence.end(node.clock().nanos())) {
            notifyAll();
        }
        Optional.ofNullable(session).flatMap(GuestSession::loaded).ifPresent(on -> node.services().works(on.runtime()));
    }

    /** Waits until another run than {@code run} has come to its first receive, at most {@code nanos}. */
    void awaitMove(GuestSession run, long nanos) {
        node.clock().await(this, () -> session != run && !absence.isNow() || isClosed(), nanos);
    }

    /** Begins a run. @return its session; empty when it is not the moment: it runs, is held, or is closed */
    synchronized Optional<GuestSession> begin() {
        if (hold.prevents() || isClosed() || session != null || node.isStopping()) {
            return Optional.empty();
        }
        state = State.STARTING;
        restartAt = Long.MAX_VALUE;
        startedAt = node.clock().now();
        startedNanos = NOT_YET;
        runs++;
        session = new GuestSession(this, conversation, node);
        return Optional.of(session);
    }

    synchronized void running(GuestSession current) {
        if (session == current) {
            state = State.RUNNING;
            startedNanos = node.clock().nanos();
        }
    }

    /** Ends a run. @return false when the slot was closed meanwhile */
    synchronized boolean end(GuestSession ended) {
        if (session != ended) {
            return false;
        }
        session = null;
        state = State.EMPTY;
        node.agenda().add(this, node.clock().nanos()); // its mail waits for a limited time
        notifyAll();
        if (isClosed()) {
            forget();
            return false;
        }
        return true;
    }

    private void forget() {
        conversation.end(mailbox());
        reserved.end();
    }

    /** What was taken cannot be answered any more; what was not taken stays. */
    synchronized void crashed() {
        conversation = conversation.afterCrash();
    }

    /** Waits for {@code wait}, then is to be started again; unless somebody was quicker. */
    synchronized void retryLater(State meanwhile, Duration wait) {
        if (session == null) {
            state = meanwhile;
            restartAt = node.clock().nanos() + wait.toNanos();
            node.agenda().add(this, node.clock().nanos());
        }
    }

    synchronized boolean isDue(long now) {
        return restartAt <= now && !hold.isOn() && !isClosed();
    }

    synchronized Duration nextWait() {
        return backoff.ended(Duration.ofNanos(Math.max(0, node.clock().nanos() - startedNanos)));
    }

    Reserved reserved() {
        return reserved;
    }

    /** The session that runs; null when none does. */
    GuestSession session() {
        return session;
    }

    /** Asks what runs to give way at its next receive. @return what runs; empty when nothing does */
    synchronized Optional<GuestSession> drain() {
        if (session != null) {
            state = State.DRAINING;
            session.drain();
        }
        return Optional.ofNullable(session);
    }

    /** As {@link #drain()}, if {@code run} is what runs. */
    synchronized void drain(GuestSession run) {
        if (session == run) {
            drain();
        }
    }

    /** Whether it waits for mail that none of its own Requests will bring. */
    boolean isIdle() {
        GuestSession running = session;
        return running != null && running.isAtReceive() && outstanding().size() == 0;
    }

    /** Keeps it from starting until {@link #letGo}. @return false when somebody else does already */
    synchronized boolean hold() {
        return hold.take();
    }

    /** @return whether it should have been started meanwhile */
    synchronized boolean letGo() {
        return hold.letGo();
    }

    synchronized void become(Definition next, byte[] nextComponent, Loaded nextLoaded) {
        definition = next;
        component = nextComponent;
        loaded = nextLoaded;
    }

    /** Waits until {@code run} has ended, at most {@code nanos}. @return whether it has */
    boolean awaitEnd(GuestSession run, long nanos) {
        return node.clock().await(this, () -> session != run, nanos);
    }

    /** The process is no more: what it has taken and set aside ends with its run, all else now. */
    @Override
    void close() {
        super.close();
        synchronized (this) {
            if (session == null) {
                forget();
            }
        }
    }

    void usedFuel(long units) {
        fuel += units;
    }

    @Override
    boolean isPublic() {
        return definition.isPublic();
    }

    @Override
    void mailArrived() {
        GuestSession running = session;
        if (running != null) {
            running.mailArrived();
        }
    }

    @Override
    boolean isTrusted() {
        return false;
    }

    @Override
    boolean isServed() {
        return state != State.EMPTY && state != State.BACKOFF;
    }

    private boolean isMoving() {
        return isPersistent() && session != null && session.loaded().filter(on -> !node.isCurrent(on, engine)).isPresent();
    }

    @Override
    synchronized ProcessStatus status() {
        return new ProcessStatus(id(), ProcessStatus.Kind.GUEST, state, isPublic(), definition.onExit(),
                session == null ? Optional.empty() : Optional.of(session.loaded().orElse(loaded).program().runtime()),
                engine, isMoving(), Optional.ofNullable(startedAt), Math.max(0, runs - 1), absence.last(),
                node.failures().of(id()), mailbox().messages(), mailbox().bytes(),
                received().sum(), sent().sum(), outstanding().size(), conversation.unanswered(), fuel,
                node.capabilities().of(id()).stream().map(SignedCapability::capability).toList());
    }
}
