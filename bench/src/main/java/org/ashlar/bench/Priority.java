package org.ashlar.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * On a machine that has other work to do, figures say more about that work than about what is measured. With
 * {@code ASHLAR_BENCH_PRIORITY} (a niceness, such as -19, which needs root) nodes and rivals alike run in a scheduling group
 * of that niceness; Linux shares the processors between the groups of sessions first ({@code man 7 sched}, autogroup).
 */
final class Priority {
    private static final Optional<String> NICENESS = Optional.ofNullable(System.getenv("ASHLAR_BENCH_PRIORITY"));

    private Priority() { }

    /** The command that runs {@code command} so. */
    static List<String> of(List<String> command) {
        List<String> whole = new ArrayList<>();
        NICENESS.ifPresent(niceness -> whole.addAll(List.of("setsid", "-w", "sh", "-c",
                "echo " + Integer.parseInt(niceness) + " > /proc/self/autogroup; exec \"$@\"", "sh")));
        whole.addAll(command);
        return whole;
    }

    static String describe() {
        return NICENESS.map(niceness -> "; all that was measured in a scheduling group of niceness " + niceness).orElse("");
    }
}
