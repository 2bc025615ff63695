package org.ashlar.terminal;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.Printout;

/**
 * Which printouts are shown: those whose level is at most that of their process, if it has one of its own, else the
 * general one (reference-kernel 7.1). Holds until the node stops. Any thread may call.
 */
final class Verbosity {
    /** Highest level. */
    static final int MAX = 3;
    /** Level of a process that is not shown at all. */
    static final int MUTED = -1;
    /** Most processes with a level of their own. */
    static final int MAX_PROCESSES = 1024;

    private final Map<ProcessId, Integer> levels = new TreeMap<>();
    private int general;

    synchronized boolean shows(Printout printout) {
        return printout.verbosity() <= levels.getOrDefault(printout.source(), general);
    }

    synchronized int general() {
        return general;
    }

    synchronized void setGeneral(int level) {
        general = level;
    }

    /** The processes that have a level of their own. */
    synchronized Map<ProcessId, Integer> levels() {
        return new TreeMap<>(levels);
    }

    /** @param level empty: the general one. @return false at {@link #MAX_PROCESSES} */
    synchronized boolean set(ProcessId process, Optional<Integer> level) {
        if (level.isEmpty()) {
            levels.remove(process);
            return true;
        }
        if (levels.size() >= MAX_PROCESSES && !levels.containsKey(process)) {
            return false;
        }
        levels.put(process, level.get());
        return true;
    }
}
