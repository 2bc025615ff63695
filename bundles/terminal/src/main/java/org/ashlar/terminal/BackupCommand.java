package org.ashlar.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ashlar.api.backup.Credential;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Request;
import org.ashlar.control.Invocation;

/** {@code backup WHAT}: has {@code backup:distro:sys} do it, shows how far it is, and asks for the password when that is needed. */
final class BackupCommand implements CommandHandler {
    private static final Address BACKUP = Address.parse("our@backup:distro:sys");
    /** Between two questions how far a job is: at first for one that is soon over, then a quarter more each time up to the second. */
    private static final Duration FIRST_POLL = Duration.ofMillis(10);
    private static final Duration LAST_POLL = Duration.ofMillis(200);
    private static final int SECONDS = 30;
    /** A node that comes up has little time for one line. */
    private static final int LINE_SECONDS = 3;
    private static final List<String> KEEP = List.of("last", "hourly", "daily", "weekly", "monthly", "yearly");
    /** Options of the command itself; {@code add} hands all others on to the kind of the target. */
    private static final Set<String> OWN = Set.of("name", "limit", "password", "password-file", "keep-password", "credential-file",
            "new-password-file", "home");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final NodeView node;

    BackupCommand(NodeView node) {
        this.node = node;
    }

    @Override
    public void run(Invocation invocation, Session session) throws CommandException, IOException, InterruptedException {
        String what = invocation.arguments().getFirst();
        List<String> rest = invocation.arguments().subList(1, invocation.arguments().size());
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        arguments.put("folder", invocation.folder());
        switch (what) {
            case "status" -> status(session, invocation.has("json"));
            case "targets" -> session.out(ask("Status", arguments, SECONDS).path("Status").path("table").asText());
            case "add" -> {
                arguments.put("location", only(rest, "add needs a PLACE: the path of a folder, or a URL"));
                invocation.option("name").ifPresent(name -> arguments.put("name", name));
                invocation.option("limit").ifPresent(limit -> arguments.put("limit", limit));
                invocation.options().forEach((option, value) -> {
                    if (!OWN.contains(option)) {
                        arguments.withObject("options").put(option, value);
                    }
                });
                job("Add", arguments, invocation, session);
            }
            case "remove" -> job("Remove", arguments.put("name", only(rest, "remove needs the NAME of a target")), invocation, session);
            case "credential" -> job("Credential", arguments.put("name", only(rest, "credential needs the NAME of a target")), invocation, session);
            case "now" -> job("Now", arguments, invocation, session);
            case "snapshots" -> job("Snapshots", arguments, invocation, session);
            case "ls" -> {
                need(!rest.isEmpty() && rest.size() <= 2, "ls needs a SNAPSHOT, and may have a PATH");
                arguments.put("snapshot", rest.getFirst());
                rest.stream().skip(1).forEach(path -> arguments.put("path", path));
                job("Ls", arguments, invocation, session);
            }
            case "verify" -> job("Verify", arguments.put("all", invocation.has("all")).put("repair", invocation.has("repair")), invocation, session);
            case "restore" -> {
                need(rest.size() >= 2, "restore needs a SNAPSHOT and a PATH; the whole node comes back with: ashlar restore");
                arguments.put("snapshot", rest.getFirst());
                rest.stream().skip(1).forEach(arguments.putArray("paths")::add);
                String to = invocation.option("to").orElse("");
                if (DrivePut.isDrive(to)) {
                    try (DrivePut put = new DrivePut(node, session, to)) {
                        arguments.put("to", put.folder().toString());
                        result("Restore", arguments, invocation, session);
                        session.line(put.put(rest.subList(1, rest.size())));
                    }
                    return;
                }
                if (!to.isEmpty()) {
                    arguments.put("to", to);
                }
                job("Restore", arguments, invocation, session);
            }
            case "forget" -> {
                rest.forEach(arguments.putArray("snapshots")::add);
                if (invocation.has("keep")) {
                    keep(invocation.option("keep").orElse(""), arguments.putObject("keep"));
                }
                job("Forget", arguments, invocation, session);
            }
            case "password" -> {
                need(!rest.isEmpty() && rest.size() == (rest.getFirst().equals("remove") ? 2 : 1),
                        "password is followed by add, change, list or remove KEY");
                arguments.put("what", rest.getFirst());
                rest.stream().skip(1).forEach(key -> arguments.put("key", key));
                job("Password", arguments, invocation, session);
            }
            case "sheet" -> sheet(arguments, invocation, session);
            case "prune" -> {
                if (invocation.has("grace")) {
                    arguments.put("grace", number(invocation.option("grace").orElse(""), "--grace takes days"));
                }
                job("Prune", arguments.put("atOnce", invocation.has("at-once")), invocation, session);
            }
            default -> throw CommandException.wrongUsage("backup does not know \"" + what + "\"; see: ashlar help backup");
        }
    }

    private static void need(boolean given, String otherwise) throws CommandException {
        if (!given) {
            throw CommandException.wrongUsage(otherwise);
        }
    }

    private static String only(List<String> rest, String otherwise) throws CommandException {
        need(rest.size() == 1, otherwise);
        return rest.getFirst();
    }

    private static void keep(String counts, ObjectNode keep) throws CommandException {
        String[] given = counts.split(",");
        need(given.length <= KEEP.size(), "--keep takes at most six numbers");
        for (int i = 0; i < given.length; i++) {
            keep.put(KEEP.get(i), number(given[i], "--keep takes numbers with commas between them"));
        }
    }

    private static int number(String text, String otherwise) throws CommandException {
        need(text.matches("[0-9]{1,6}"), otherwise);
        return Integer.parseInt(text);
    }

    private void status(Session session, boolean json) throws CommandException, IOException, InterruptedException {
        JsonNode status = ask("Status", JsonNodeFactory.instance.objectNode(), SECONDS).path("Status");
        if (json) {
            session.line(JSON.writeValueAsString(status));
            return;
        }
        session.line(status.path("line").asText());
        if (status.path("targets").size() > 0) {
            session.out(status.path("table").asText());
            session.line("backs up " + status.path("schedule").asText() + (status.has("now") ? "; now: " + status.path("now").asText() : ""));
        }
    }

    /** What would be lost now, in one line; where nobody knows, nothing is backed up. */
    String line() {
        try {
            return Printable.line(ask("Status", JsonNodeFactory.instance.objectNode(), LINE_SECONDS).path("Status").path("line").asText());
        } catch (CommandException | IOException e) {
            return "Nothing is backed up yet: if the home is lost, so is all that is in it.";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private void job(String action, ObjectNode arguments, Invocation invocation, Session session)
            throws CommandException, IOException, InterruptedException {
        session.out(result(action, arguments, invocation, session));
    }

    /** What came of a job, in words. */
    private String result(String action, ObjectNode arguments, Invocation invocation, Session session)
            throws CommandException, IOException, InterruptedException {
        password(invocation).ifPresent(given -> arguments.put("password", given));
        if (invocation.has("new-password-file")) {
            arguments.put("newPassword", PasswordFile.read(invocation, invocation.option("new-password-file").orElse("")));
        }
        arguments.put("keepPassword", invocation.has("keep-password"));
        if (invocation.has("credential-file")) {
            Path file = Path.of(invocation.folder()).resolve(invocation.option("credential-file").orElse(""));
            Credential.read(file).values().forEach(arguments.putArray("credential")::add);
        }
        JsonNode job = follow(ask(action, arguments, SECONDS).path("Job"), session);
        if (job.has("credential")) {
            credential(job.path("credential"), arguments.putArray("credential"), session);
            job = follow(ask(action, arguments, SECONDS).path("Job"), session);
        }
        for (int asked = 0; job.has("needs") && asked < 2; asked++) { // a password that is there, and a new one
            switch (job.path("needs").asText()) {
                case "FRESH" -> {
                    arguments.put("password", typed(session, "A password for the backups: ", true));
                    arguments.put("keepPassword", invocation.has("keep-password")
                            || session.ask("Keep it in a file that only you can read, so that backups run by themselves? [y/N] ")
                                    .orElse("").matches("(?i)y|yes"));
                }
                case "NEW" -> arguments.put("newPassword", typed(session, "The new password: ", true));
                default -> arguments.put("password", typed(session, "Password of the backups: ", false));
            }
            job = follow(ask(action, arguments, SECONDS).path("Job"), session);
        }
        if (job.has("problem")) {
            throw CommandException.failed(job.path("problem").asText());
        }
        return job.path("text").asText();
    }

    private void sheet(ObjectNode arguments, Invocation invocation, Session session) throws CommandException, IOException, InterruptedException {
        Optional<Path> to = invocation.option("to").map(file -> Path.of(invocation.folder()).resolve(file));
        if (to.filter(Files::exists).isPresent()) {
            throw CommandException.failed(to.get() + " is there already; name another file");
        }
        String text = result("Sheet", arguments, invocation, session);
        if (to.isPresent()) {
            Files.writeString(to.get(), text, StandardOpenOption.CREATE_NEW);
            session.line("wrote " + to.get() + "; print it, fill it in, and keep it away from this machine");
        } else {
            session.out(text);
        }
    }

    private static Optional<String> password(Invocation invocation) throws CommandException, IOException {
        Optional<String> file = invocation.option("password-file");
        if (file.isEmpty()) {
            return invocation.option("password");
        }
        return Optional.of(PasswordFile.read(invocation, file.get()));
    }

    private static String typed(Session session, String question, boolean fresh) throws CommandException, IOException, InterruptedException {
        String first = session.secret(question).orElseThrow(() -> CommandException.failed("a password is needed: --password-file FILE, or"
                + " ASHLAR_BACKUP_PASSWORD in the environment; a new one: --new-password-file FILE"));
        if (fresh && !session.secret("The same again: ").orElse("").equals(first)) {
            throw CommandException.failed("the two differ; nothing was changed");
        }
        return first;
    }

    private static void credential(JsonNode parts, ArrayNode values, Session session)
            throws CommandException, IOException, InterruptedException {
        for (JsonNode part : parts) {
            String question = Printable.line(part.path("question").asText());
            values.add((part.path("secret").asBoolean() ? session.secret(question + ": ") : session.ask(question + ": ")).orElseThrow(() ->
                    CommandException.failed("a credential is needed (" + question + "): --credential-file FILE, a line for each value")));
        }
    }

    private JsonNode follow(JsonNode begun, Session session) throws CommandException, IOException, InterruptedException {
        JsonNode job = begun;
        String shown = "";
        Duration poll = FIRST_POLL;
        while (!job.path("done").asBoolean()) {
            String progress = job.path("progress").asText();
            if (session.screen().terminal() && !progress.equals(shown)) {
                String line = Printable.line(progress);
                session.out("\r\u001b[K" + line.substring(0, Math.min(line.length(), session.screen().columns() - 1)));
                shown = progress;
            }
            if (!session.pause(poll)) {
                throw new IOException("the client went away; what was begun goes on");
            }
            poll = poll.compareTo(LAST_POLL) < 0 ? poll.multipliedBy(5).dividedBy(4) : LAST_POLL;
            job = ask("Job", JsonNodeFactory.instance.objectNode().put("id", begun.path("id").asLong()), SECONDS).path("Job");
        }
        if (!shown.isEmpty()) {
            session.out("\r\u001b[K");
        }
        return job;
    }

    private JsonNode ask(String action, ObjectNode arguments, int seconds) throws CommandException, IOException, InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set(action, arguments);
        Request request = Request.of(JSON.writeValueAsBytes(body)).expecting(seconds);
        JsonNode answer = JSON.readTree(Requests.ask(node, BACKUP, request, Optional.empty()).response().body());
        if (answer.has("Err")) {
            throw CommandException.failed(answer.path("Err").asText());
        }
        return answer;
    }
}
