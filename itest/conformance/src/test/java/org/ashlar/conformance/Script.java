package org.ashlar.conformance;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Commands that a probe carries out in order.
 *
 * {@snippet :
 * script(send(b).expecting(5).body(script(respond("hello"))).context(script(report())))
 * }
 */
record Script(List<Command> commands) {
    static Script script(Command... commands) {
        return new Script(List.of(commands));
    }

    /** As the body or the context that makes a probe run it. */
    String text() {
        return commands.stream().map(Command::toString).collect(Collectors.joining(";", "!", ""));
    }

    /** As what a probe does when it starts. */
    String startText() {
        return commands.stream().map(each -> each + "\n").collect(Collectors.joining());
    }
}
