package org.ashlar.terminal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ashlar.api.message.Address;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.control.Invocation;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commands about the node as a whole, and those that the launcher itself sends. */
final class NodeCommands {
    private static final Logger LOG = LoggerFactory.getLogger(NodeCommands.class);

    /** Before a path that is begun, as what to complete. */
    private static final String PATHS = "paths:";

    private final NodeView node;
    private final FileCommands files;
    private final NetCommands net;

    NodeCommands(NodeView node, FileCommands files, NetCommands net) {
        this.node = node;
        this.files = files;
        this.net = net;
    }

    void addTo(Map<String, CommandHandler> handlers) {
        handlers.put("status", this::status);
        handlers.put("down", this::down);
        handlers.put("bundles", this::bundles);
        handlers.put("services", this::services);
        handlers.put("ready", this::ready);
        handlers.put("welcome", this::welcome);
        handlers.put("problems", this::problems);
        handlers.put("complete", this::complete);
    }

    private void status(Invocation invocation, Session session) throws IOException, InterruptedException {
        Map<String, String> copies = net.copies();
        if (invocation.has("json")) {
            session.line(statusJson(copies).toPrettyString());
            return;
        }
        List<ProcessStatus> processes = node.processes();
        session.line("node       " + (node.ready() ? "ready" : "not ready") + ", process " + node.pid() + ", up "
                + shown(node.uptime()));
        session.line("address    " + node.name().map(name -> name + "  (its processes are " + name + "@process:package:publisher)")
                .orElse("none: there is no kernel"));
        session.line("home       " + node.home());
        session.line("key        " + node.keyEncrypted().map(encrypted -> encrypted ? "encrypted with a password"
                : "not encrypted: whoever reads identity/node in the home can be this node; to change that: ashlar key password").orElse("none"));
        session.line("version    " + node.version());
        session.line("processes  " + count(processes, ProcessStatus.Kind.GUEST) + " guests, "
                + count(processes, ProcessStatus.Kind.SYSTEM) + " system");
        for (String problem : node.problems()) {
            session.line("problem    " + problem);
        }
        for (String copy : copies.values()) {
            session.line("problem    " + copy);
        }
    }

    private static long count(List<ProcessStatus> processes, ProcessStatus.Kind kind) {
        return processes.stream().filter(process -> process.kind() == kind).count();
    }

    private ObjectNode statusJson(Map<String, String> copies) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        List<ProcessStatus> processes = node.processes();
        json.put("pid", node.pid());
        json.put("home", node.home());
        json.put("address", node.name().orElse(null));
        json.put("key_encrypted", node.keyEncrypted().orElse(null));
        json.put("ready", node.ready());
        json.put("version", node.version());
        json.put("started_at", node.startedAt().toString());
        json.put("uptime_seconds", node.uptime().toSeconds());
        json.put("guests", count(processes, ProcessStatus.Kind.GUEST));
        json.put("system_processes", count(processes, ProcessStatus.Kind.SYSTEM));
        List<String> problems = new ArrayList<>(node.problems());
        problems.addAll(copies.values());
        problems.forEach(json.putArray("problems")::add);
        copies.keySet().forEach(json.putArray("copies")::add);
        return json;
    }

    static String shown(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m" + seconds % 60 + "s";
        }
        return seconds < 86_400 ? seconds / 3600 + "h" + seconds % 3600 / 60 + "m"
                : seconds / 86_400 + "d" + seconds % 86_400 / 3600 + "h";
    }

    /** Answers first: stopping the framework ends this bundle and with it the connection. */
    private void down(Invocation invocation, Session session) {
        Thread.ofPlatform().name("terminal-down").start(() -> {
            try {
                node.context().getBundle(Constants.SYSTEM_BUNDLE_LOCATION).stop();
            } catch (BundleException e) {
                LOG.error("the framework cannot be stopped", e);
            }
        });
    }

    private void bundles(Invocation invocation, Session session) throws IOException {
        Table table = new Table("ID>", "STATE", "VERSION", "NAME");
        for (Bundle bundle : node.context().getBundles()) {
            table.row(bundle.getBundleId(), state(bundle), bundle.getVersion(), bundle.getSymbolicName());
        }
        session.out(table.render(session.screen()));
    }

    private static String state(Bundle bundle) {
        return switch (bundle.getState()) {
            case Bundle.UNINSTALLED -> "uninstalled";
            case Bundle.INSTALLED -> "unresolved";
            case Bundle.RESOLVED -> bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null ? "stopped" : "fragment";
            case Bundle.STARTING -> "starting";
            case Bundle.STOPPING -> "stopping";
            default -> "active";
        };
    }

    private void services(Invocation invocation, Session session) throws IOException {
        Table table = new Table("ID>", "BUNDLE", "RANK>", "USED BY>", "SERVICE");
        try {
            ServiceReference<?>[] all = node.context().getAllServiceReferences(null, null);
            List<ServiceReference<?>> sorted = Arrays.stream(all == null ? new ServiceReference<?>[0] : all)
                    .sorted(Comparator.comparing(service -> (Long) service.getProperty(Constants.SERVICE_ID))).toList();
            for (ServiceReference<?> service : sorted) {
                Bundle owner = service.getBundle();
                Bundle[] users = service.getUsingBundles();
                Object ranking = service.getProperty(Constants.SERVICE_RANKING);
                table.row(service.getProperty(Constants.SERVICE_ID), owner == null ? "-" : owner.getSymbolicName(),
                        ranking == null ? 0 : ranking, users == null ? 0 : users.length, names(service));
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        session.out(table.render(session.screen()));
    }

    private static String names(ServiceReference<?> service) {
        String names = Arrays.stream((String[]) service.getProperty(Constants.OBJECTCLASS)).sorted()
                .collect(Collectors.joining(", "));
        Object process = service.getProperty(org.ashlar.api.process.SystemProcess.ID);
        return process == null ? names : names + " " + process;
    }

    private void ready(Invocation invocation, Session session) throws CommandException {
        if (!node.ready()) {
            throw CommandException.failed("the node is not ready");
        }
    }

    private void problems(Invocation invocation, Session session) throws IOException {
        for (String problem : node.problems()) {
            session.line(problem);
        }
    }

    private void welcome(Invocation invocation, Session session) throws IOException {
        session.out("""
                %s is up (process %d).
                  home     %s
                  address  %s
                  next     ashlar status · ashlar ps · ashlar start FOLDER · ashlar m ADDRESS BODY -a 5 · ashlar help
                  stop     ashlar down
                %s
                """.formatted(node.name().orElse("the node"), node.pid(), node.home(),
                node.name().orElse("none"), new BackupCommand(node).line()));
    }

    private void complete(Invocation invocation, Session session)
            throws CommandException, IOException, InterruptedException {
        String subject = invocation.arguments().stream().findFirst().orElse("");
        List<ProcessStatus> processes = node.processes();
        List<String> candidates = switch (subject) {
            case "name" -> node.name().stream().toList();
            case "processes" -> processes.stream().map(process -> process.id().toString()).toList();
            case "addresses" -> processes.stream().map(process -> Address.OUR + "@" + process.id()).toList();
            case "packages" -> processes.stream().filter(process -> process.kind() == ProcessStatus.Kind.GUEST)
                    .map(process -> process.id().packageId().toString()).distinct().toList();
            case String path when path.startsWith(PATHS) -> files.complete(path.substring(PATHS.length()));
            default -> throw CommandException.wrongUsage("there is no completion for \"" + subject + "\"");
        };
        for (String candidate : candidates) {
            session.line(candidate);
        }
    }
}
