package org.ashlar.kernel;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.message.ProcessId;

/**
 * Why processes failed when they last did, also those that are gone since. Bounded: of very many the first to fail are
 * forgotten. Any thread may call.
 */
final class Failures {
    /** Processes whose failure is remembered. */
    static final int MAX = 4096;
    /** Characters of one reason. */
    static final int MAX_REASON = 1024;

    private final Map<ProcessId, Failure> last = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ProcessId, Failure> eldest) {
            return size() > MAX;
        }
    };

    private record Failure(String reason, long nanos) { }

    /** @param nanos when, on the node's clock */
    synchronized void failed(ProcessId id, String reason, long nanos) {
        last.remove(id);
        last.put(id, new Failure(reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON - 1) + "…" : reason, nanos));
    }

    /** It was made, or given another component: what failed before was another. */
    synchronized void made(ProcessId id) {
        last.remove(id);
    }

    synchronized Optional<String> of(ProcessId id) {
        return Optional.ofNullable(last.get(id)).map(Failure::reason);
    }

    /** The same, if it failed at {@code nanos} or later. */
    synchronized Optional<String> since(ProcessId id, long nanos) {
        return Optional.ofNullable(last.get(id)).filter(failure -> failure.nanos() - nanos >= 0).map(Failure::reason);
    }
}
