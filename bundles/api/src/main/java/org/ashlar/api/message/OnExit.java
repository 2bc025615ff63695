package org.ashlar.api.message;

import java.util.List;
import java.util.Optional;

/** What happens when a process ends by itself, by returning or by a trap; a kill ignores it. */
public sealed interface OnExit {
    /** Nothing; the process is gone. */
    record None() implements OnExit { }

    /** The process is started again, after a wait that grows while it keeps failing. */
    record Restart() implements OnExit { }

    /** Each Request is sent in the name of the process that ended, and expects no answer. */
    record Requests(List<Parting> requests) implements OnExit {
        public Requests {
            requests = List.copyOf(requests);
        }
    }

    /** One Request sent at the end. */
    record Parting(Address target, Request request, Optional<Blob> blob) { }

    OnExit NONE = new None();
    OnExit RESTART = new Restart();
}
