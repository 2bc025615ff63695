package org.ashlar.process;

import java.util.List;

/** What happens when the process ends, by returning or by failing. */
public sealed interface OnExit {

    /** Nothing: the process is gone. */
    record None() implements OnExit {
    }

    /** The process is started again, its saved state kept; after repeated failures later and later. */
    record Restart() implements OnExit {
    }

    /**
     * These requests are sent in its name. None of them expects a response.
     *
     * @param requests in the order in which they are sent
     */
    record Requests(List<OutgoingRequest> requests) implements OnExit {

        public Requests {
            requests = List.copyOf(requests);
        }
    }

    static OnExit none() {
        return new None();
    }

    static OnExit restart() {
        return new Restart();
    }

    static OnExit requests(OutgoingRequest... requests) {
        return new Requests(List.of(requests));
    }
}
