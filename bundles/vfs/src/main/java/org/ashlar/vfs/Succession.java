package org.ashlar.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.ProcessId;
import org.ashlar.files.Durable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the files that processes have open to the successor, which may be another version in another class loader: in the
 * file {@code cache/vfs-handles}, a line that names this run of the node, then process, cursor and path a line each. It counts for
 * the same run alone.
 */
final class Succession {
    private static final Logger LOG = LoggerFactory.getLogger(Succession.class);
    private static final String RUN = "run " + ProcessHandle.current().pid() + ' '
            + ProcessHandle.current().info().startInstant().map(Object::toString).orElse("");

    private Succession() { }

    private static Path file(Path home) {
        return home.resolve("cache").resolve("vfs-handles");
    }

    static void leave(Path home, Handles handles) {
        try {
            if (handles.open().isEmpty()) {
                Files.deleteIfExists(file(home)); // a start that finds a damaged node leaves it as it was
                return;
            }
            Stream<String> lines = handles.open().stream()
                    .map(open -> open.process() + " " + open.cursor() + ' ' + open.path());
            Durable.createFolder(file(home).getParent());
            Durable.write(file(home), Stream.concat(Stream.of(RUN), lines).collect(Collectors.joining("\n")).getBytes(UTF_8));
        } catch (IOException e) {
            LOG.warn("The files that processes have open are not handed over; they are opened again, with cursors at 0", e);
        }
    }

    static void takeOver(Path home, Handles handles) {
        try {
            if (Files.exists(file(home))) {
                List<String> lines = Files.readAllLines(file(home), UTF_8);
                Files.delete(file(home));
                if (!lines.isEmpty() && lines.getFirst().equals(RUN)) {
                    for (String line : lines.subList(1, lines.size())) {
                        handles.restore(parse(line));
                    }
                }
            }
        } catch (IOException | IdentifierException | IndexOutOfBoundsException | NumberFormatException e) {
            LOG.warn("The files that processes had open cannot be taken over; they are opened again, with cursors at 0", e);
        }
    }

    private static Handles.Open parse(String line) throws IOException {
        String[] words = line.split(" ", 3);
        return new Handles.Open(ProcessId.parse(words[0]), DrivePath.parse(words[2]), Long.parseLong(words[1]));
    }
}
