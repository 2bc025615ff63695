package org.ashlar.api.process;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;

/**
 * A process as it was at one moment.
 *
 * @param id              its name on this node
 * @param kind            what runs in it
 * @param state           where in its life it is
 * @param isPublic        whether any local process may message it
 * @param onExit          what happens when it ends
 * @param runtime         what runs it, such as {@code chicory}; empty for a system process or while nothing does
 * @param wantedEngine    the engine that was chosen for it alone
 * @param moving          whether it runs on something else than what would run it now: it moves there at its next receive
 * @param startedAt       when it last began to run
 * @param restarts        how often it was started again since the node came up
 * @param lastPause       when it last gave way to a swap or an update: how long until the next run came to its first
 *                        receive; empty if it never has, and for a system process
 * @param failure         why its last run that ended with an error did so, the first part of it; empty when none has since
 *                        it was made or updated
 * @param mailboxMessages messages that wait for it
 * @param mailboxBytes    what they weigh, in bytes
 * @param received        messages it has taken since the node came up
 * @param sent            messages it has sent since the node came up
 * @param awaiting        its Requests that have no answer yet
 * @param unanswered      Requests to it that it has taken and not answered yet
 * @param fuel            what its code has computed since the node came up, in units of {@link org.ashlar.api.wasm.Fuel}; what
 *                        it has not used up of a slice counts later; 0 for a system process
 * @param capabilities    what it holds
 */
public record ProcessStatus(ProcessId id, Kind kind, State state, boolean isPublic, OnExit onExit,
                            Optional<String> runtime, Optional<String> wantedEngine, boolean moving,
                            Optional<Instant> startedAt, int restarts, Optional<Duration> lastPause,
                            Optional<String> failure, int mailboxMessages, long mailboxBytes, long received, long sent,
                            int awaiting, int unanswered, long fuel,
                            List<Capability> capabilities) {

    public ProcessStatus {
        capabilities = List.copyOf(capabilities);
    }

    public enum Kind { GUEST, SYSTEM }

    public enum State {
        /** Known, its mailbox open, not told to run yet. */
        INITIALIZED,
        /** Being prepared: compiled, instantiated. */
        STARTING,
        RUNNING,
        /** Asked to give way: at its next receive it unwinds. */
        DRAINING,
        /** Nothing runs in it at the moment: its bundle is being replaced. Its mailbox stays open. */
        EMPTY,
        /** It failed and waits to be started again. */
        BACKOFF
    }
}
