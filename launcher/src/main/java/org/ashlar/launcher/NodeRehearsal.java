package org.ashlar.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Starts a node on a home that is thrown away, and has it answer some commands, so that the JVM's archive holds what a start needs. */
final class NodeRehearsal {
    private static final List<String> COMMANDS = List.of("ready", "welcome", "status", "ps", "packages");

    /** It takes none from a node of somebody. */
    private static final Map<String, String> NO_PORTS = Map.of("ashlar.net.listen", "none");

    private NodeRehearsal() { }

    static int run() throws IOException, LaunchException, InterruptedException {
        Path folder = Files.createTempDirectory("ashlar-rehearsal");
        try {
            Node node = Node.start(new Home(folder.resolve("home")), Optional.of("rehearsal"), NO_PORTS, Distribution.own(),
                    Map.of("XDG_RUNTIME_DIR", folder.toString()), prepared -> Optional.empty());
            try {
                node.awaitReady(Node.READY_SECONDS);
                COMMANDS.forEach(command -> Capture.run(node.socket(), command, new Capture()));
            } finally {
                node.stop();
            }
            return Main.DONE;
        } finally {
            remove(folder);
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
