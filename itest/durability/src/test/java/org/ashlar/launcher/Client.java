package org.ashlar.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.control.Invocation;

/**
 * The client of the {@code ashlar} command without a JVM for each command. It lies in the launcher's package because the
 * launcher has no public API.
 */
public final class Client {
    private final Home home;
    private final Map<String, String> environment;

    /** @param environment as of the command whose node is meant */
    public Client(Path home, Map<String, String> environment) {
        this.home = Home.of(Optional.of(home.toString()), environment);
        this.environment = environment;
    }

    /** What a command that ended with {@code status} printed, to standard output and standard error. */
    public record Answer(int status, String text) { }

    /** Has a command carried out; empty when there is no node, or it went away before it had answered. */
    public Optional<Answer> run(String command, Map<String, String> options, String... arguments) {
        Capture capture = new Capture();
        Invocation invocation = new Invocation(command, options, List.of(arguments), "/", Invocation.Screen.PLAIN);
        return RuntimeFolder.socketOf(home, environment).flatMap(socket -> Capture.run(socket, invocation, capture))
                .map(status -> new Answer(status, capture.text()));
    }
}
