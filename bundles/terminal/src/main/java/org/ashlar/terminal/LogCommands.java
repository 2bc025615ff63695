package org.ashlar.terminal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.process.Printout;
import org.ashlar.control.Invocation;

/** {@code log}, and the stream of what processes print. */
final class LogCommands {
    /** How much of the end of the log is shown, in bytes. */
    static final int TAIL = 64 * 1024;
    /** How much of the end of the log is searched for the lines of one process, in bytes. */
    static final int SEARCHED = 4 << 20;
    private static final Duration FOLLOW = Duration.ofMillis(250);
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());
    private static final String DIM = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";

    private final NodeView node;
    private final PrintHub prints;

    LogCommands(NodeView node, PrintHub prints) {
        this.node = node;
        this.prints = prints;
    }

    void addTo(Map<String, CommandHandler> handlers) {
        handlers.put("log", this::log);
        handlers.put("prints", this::prints);
    }

    private void log(Invocation invocation, Session session) throws CommandException, IOException, InterruptedException {
        Optional<String> process = invocation.arguments().stream().findFirst();
        if (process.isPresent()) {
            KillCommand.process(process.get());
        }
        Path file = Path.of(node.home(), "log", "ashlar.log");
        if (!Files.exists(file)) {
            throw CommandException.failed("there is no log yet at " + file);
        }
        long position = Math.max(0, Files.size(file) - (process.isPresent() ? SEARCHED : TAIL));
        position = show(file, position, position > 0, process, session);
        while (invocation.has("f") && session.pause(FOLLOW)) {
            if (!Files.exists(file)) {
                continue; // just being rotated
            }
            if (Files.size(file) < position) {
                position = 0; // rotated: a new file
            }
            position = show(file, position, false, process, session);
        }
    }

    /** Shows whole lines from {@code position} on; returns where the next begins. */
    private static long show(Path file, long position, boolean skipFirst, Optional<String> process, Session session)
            throws IOException {
        byte[] bytes;
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "r")) {
            access.seek(position);
            bytes = new byte[(int) Math.min(SEARCHED, Math.max(0, access.length() - position))];
            access.readFully(bytes);
        }
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        StringBuilder shown = new StringBuilder();
        new String(bytes, 0, end, StandardCharsets.UTF_8).lines().skip(skipFirst ? 1 : 0)
                .filter(line -> process.isEmpty() || line.contains(process.get()))
                .forEach(line -> shown.append(Printable.line(line)).append('\n'));
        if (!shown.isEmpty()) {
            session.out(shown.toString());
        }
        return position + end;
    }

    private void prints(Invocation invocation, Session session) throws IOException, InterruptedException {
        BlockingQueue<Printout> queue = prints.watch();
        try {
            while (session.pause(Duration.ZERO)) {
                Printout printout = queue.poll(FOLLOW.toMillis(), TimeUnit.MILLISECONDS);
                if (printout != null) {
                    session.line(live(printout, session.screen().colour()));
                }
            }
        } finally {
            prints.unwatch(queue);
        }
    }

    private static String live(Printout printout, boolean colour) {
        String head = CLOCK.format(printout.time()) + " " + printout.source() + ": ";
        return (colour ? DIM + head + PLAIN : head) + Printable.lines(printout.text().stripTrailing());
    }
}
