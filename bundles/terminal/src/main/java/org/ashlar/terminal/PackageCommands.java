package org.ashlar.terminal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.codec.PackageReport;
import org.ashlar.codec.PackagesAction;
import org.ashlar.codec.PackagesResponse;
import org.ashlar.control.Invocation;

/** {@code start}, {@code packages} and {@code remove}: what {@code packages:distro:sys} does, shown to a person. */
final class PackageCommands {
    private static final Address PACKAGES = Address.parse("our@packages:distro:sys");
    /** Longest that an installation may take, in seconds: large components are compiled. */
    private static final int SECONDS = 300;

    private final NodeView node;

    PackageCommands(NodeView node) {
        this.node = node;
    }

    void addTo(Map<String, CommandHandler> handlers) {
        handlers.put("start", this::start);
        handlers.put("packages", this::packages);
        handlers.put("remove", this::remove);
    }

    private void start(Invocation invocation, Session session) throws CommandException, IOException, InterruptedException {
        Path path = Path.of(invocation.folder()).resolve(invocation.arguments().getFirst()).normalize();
        try (PackageSource source = PackageSource.open(path, Path.of(node.home(), "cache"))) {
            Optional<PackageId> id = invocation.has("as") ? invocation.option("as").map(PackageId::parse) : source.id();
            PackageReport report = inspect(id, source.blob());
            session.out(describe(report));
            boolean agreed = invocation.has("yes") || report.fresh().isEmpty() || agree(session, report);
            session.out(installed(ask(new PackagesAction.Install(id, agreed), Optional.of(source.blob()))));
        } catch (IdentifierException e) {
            throw CommandException.wrongUsage(e.getMessage());
        }
    }

    private PackageReport inspect(Optional<PackageId> id, Blob blob) throws CommandException, InterruptedException {
        return switch (ask(new PackagesAction.Inspect(id), Optional.of(blob))) {
            case PackagesResponse.Inspected(PackageReport report) -> report;
            case PackagesResponse other -> throw unexpected(other);
        };
    }

    private static boolean agree(Session session, PackageReport report) throws CommandException, IOException, InterruptedException {
        Optional<String> answer = session.ask("Let " + report.id() + " do this? [y/N] ");
        if (answer.isEmpty()) {
            throw CommandException.failed(report.id() + " asks for what was not granted yet; agree with --yes");
        }
        if (!answer.get().toLowerCase(java.util.Locale.ROOT).matches("y|yes")) {
            throw CommandException.failed("nothing was changed");
        }
        return true;
    }

    private static String installed(PackagesResponse response) throws CommandException {
        return switch (response) {
            case PackagesResponse.Installed(PackageReport report) -> {
                StringBuilder text = new StringBuilder(report.id() + " " + Printable.line(report.version()) + " runs:\n");
                report.processes().forEach(process -> text.append("  ").append(process).append('\n'));
                yield text.toString();
            }
            case PackagesResponse.ConsentNeeded(PackageReport report) ->
                    throw CommandException.failed(report.id() + " asks for more than was agreed to; start it again");
            case PackagesResponse other -> throw unexpected(other);
        };
    }

    /** What a person decides on. Everything in it was written by the package's publisher. */
    static String describe(PackageReport report) {
        StringBuilder text = new StringBuilder(report.id() + " " + Printable.line(report.version()));
        report.title().ifPresent(title -> text.append(" — ").append(Printable.line(title)));
        report.installed().ifPresent(old -> text.append(" (installed: ").append(Printable.line(old)).append(')'));
        text.append('\n');
        report.description().ifPresent(line -> text.append("  ").append(Printable.line(line)).append('\n'));
        section(text, "It asks to:", report.asks(), report.fresh());
        section(text, "It lets others:", report.grants(), report.fresh());
        section(text, "Passed over:", report.notices(), List.of());
        if (report.asks().isEmpty() && report.grants().isEmpty()) {
            text.append("It asks for nothing.\n");
        }
        return text.toString();
    }

    private static void section(StringBuilder text, String title, List<String> lines, List<String> fresh) {
        if (!lines.isEmpty()) {
            text.append(title).append('\n');
            lines.forEach(line -> text.append(fresh.contains(line) ? "  + " : "  · ").append(Printable.line(line)).append('\n'));
        }
    }

    private void packages(Invocation invocation, Session session) throws CommandException, IOException, InterruptedException {
        PackagesResponse response = ask(new PackagesAction.ListPackages(), Optional.empty());
        if (!(response instanceof PackagesResponse.Packages(List<PackageReport> packages))) {
            throw unexpected(response);
        }
        Table table = new Table("PACKAGE", "VERSION", "PROCESSES", "TITLE");
        for (PackageReport report : packages) {
            table.row(report.id(), report.installed().orElse(report.version()),
                    String.join(" ", report.processes().stream().map(ProcessId::process).toList()), report.title().orElse(""));
        }
        session.out(table.render(session.screen()));
    }

    private void remove(Invocation invocation, Session session) throws CommandException, IOException, InterruptedException {
        PackageId id;
        try {
            id = PackageId.parse(invocation.arguments().getFirst());
        } catch (IdentifierException e) {
            throw CommandException.wrongUsage(e.getMessage());
        }
        PackagesResponse response = ask(new PackagesAction.Remove(id), Optional.empty());
        if (!(response instanceof PackagesResponse.Removed)) {
            throw unexpected(response);
        }
        session.line(id + " is removed; what its processes kept as state stays");
    }

    private PackagesResponse ask(PackagesAction action, Optional<Blob> blob) throws CommandException, InterruptedException {
        Request request = Request.of(action.encode()).expecting(SECONDS);
        return PackagesResponse.parse(Requests.ask(node, PACKAGES, request, blob).response().body());
    }

    private static CommandException unexpected(PackagesResponse response) {
        return CommandException.failed(response instanceof PackagesResponse.Err(String reason) ? reason
                : "packages:distro:sys answered something else: " + new String(response.encode(),
                        java.nio.charset.StandardCharsets.UTF_8));
    }
}
