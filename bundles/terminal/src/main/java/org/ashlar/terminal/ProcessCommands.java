package org.ashlar.terminal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.control.Invocation;

/** {@code ps} and {@code top}. */
final class ProcessCommands {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    /** Most rows of {@code top}: a screen full. */
    private static final int TOP_ROWS = 30;
    private static final String HOME_AND_CLEAR = "\u001b[H\u001b[2J";

    private final NodeView node;

    ProcessCommands(NodeView node) {
        this.node = node;
    }

    void addTo(Map<String, CommandHandler> handlers) {
        handlers.put("ps", this::ps);
        handlers.put("top", this::top);
    }

    private void ps(Invocation invocation, Session session) throws IOException {
        List<ProcessStatus> processes = node.processes();
        if (invocation.has("json")) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            processes.forEach(process -> list.add(json(process)));
            session.line(list.toPrettyString());
            return;
        }
        Table table = new Table("PROCESS", "KIND", "STATE", "UP>", "RESTARTS>", "MAIL>", "BYTES>", "IN>", "OUT>", "AWAITING>",
                "OWED>", "RUNTIME");
        for (ProcessStatus process : processes) {
            table.row(process.id(), lower(process.kind()), lower(process.state()), up(process), process.restarts(),
                    process.mailboxMessages(), process.mailboxBytes(), process.received(), process.sent(),
                    process.awaiting(), process.unanswered(), process.runtime().orElse("-"));
        }
        session.out(table.render(session.screen()));
    }

    private static ObjectNode json(ProcessStatus process) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", process.id().toString());
        json.put("kind", lower(process.kind()));
        json.put("state", lower(process.state()));
        json.put("public", process.isPublic());
        json.put("on_exit", switch (process.onExit()) {
            case OnExit.None none -> "none";
            case OnExit.Restart restart -> "restart";
            case OnExit.Requests requests -> "requests";
        });
        json.put("runtime", process.runtime().orElse(null));
        json.put("wanted_engine", process.wantedEngine().orElse(null));
        json.put("moving", process.moving());
        json.put("started_at", process.startedAt().map(Instant::toString).orElse(null));
        json.put("restarts", process.restarts());
        json.put("last_pause_ms", process.lastPause().map(pause -> pause.toNanos() / 1e6).orElse(null));
        json.put("failure", process.failure().orElse(null));
        json.put("mailbox_messages", process.mailboxMessages());
        json.put("mailbox_bytes", process.mailboxBytes());
        json.put("received", process.received());
        json.put("sent", process.sent());
        json.put("awaiting", process.awaiting());
        json.put("unanswered", process.unanswered());
        json.put("fuel", process.fuel());
        ArrayNode capabilities = json.putArray("capabilities");
        for (Capability capability : process.capabilities()) {
            capabilities.addObject().put("issuer", capability.issuer().toString()).put("params", capability.params());
        }
        return json;
    }

    private static String up(ProcessStatus process) {
        return process.startedAt().map(start -> NodeCommands.shown(Duration.between(start, Instant.now()))).orElse("-");
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private void top(Invocation invocation, Session session) throws IOException, InterruptedException {
        Map<ProcessId, ProcessStatus> before = byId(node.processes());
        Instant then = Instant.now();
        while (session.pause(INTERVAL)) {
            List<ProcessStatus> processes = node.processes();
            Instant now = Instant.now();
            double seconds = Duration.between(then, now).toNanos() / 1e9;
            String frame = frame(processes, before, seconds, session.screen());
            session.out(session.screen().terminal() ? HOME_AND_CLEAR + frame : frame);
            if (!session.screen().terminal()) {
                return;
            }
            before = byId(processes);
            then = now;
        }
    }

    private static Map<ProcessId, ProcessStatus> byId(List<ProcessStatus> processes) {
        Map<ProcessId, ProcessStatus> map = new HashMap<>();
        processes.forEach(process -> map.put(process.id(), process));
        return map;
    }

    private String frame(List<ProcessStatus> processes, Map<ProcessId, ProcessStatus> before, double seconds,
                         Invocation.Screen screen) {
        Runtime runtime = Runtime.getRuntime();
        String head = String.format(Locale.ROOT, "%d processes · up %s · heap %d of %d MiB · %d threads%n%n", processes.size(),
                NodeCommands.shown(node.uptime()), runtime.totalMemory() - runtime.freeMemory() >> 20,
                runtime.maxMemory() >> 20, Thread.activeCount());
        record Row(ProcessStatus process, double in, double out) { }
        List<Row> rows = processes.stream().map(process -> {
            ProcessStatus old = before.getOrDefault(process.id(), process);
            return new Row(process, Math.max(0, process.received() - old.received()) / seconds,
                    Math.max(0, process.sent() - old.sent()) / seconds);
        }).sorted(Comparator.<Row>comparingDouble(row -> row.in + row.out).reversed()).limit(TOP_ROWS).toList();
        Table table = new Table("IN/S>", "OUT/S>", "MAIL>", "BYTES>", "AWAITING>", "STATE", "PROCESS");
        for (Row row : rows) {
            table.row(String.format(Locale.ROOT, "%.1f", row.in), String.format(Locale.ROOT, "%.1f", row.out),
                    row.process.mailboxMessages(), row.process.mailboxBytes(), row.process.awaiting(),
                    lower(row.process.state()), row.process.id());
        }
        return head + table.render(screen);
    }
}
