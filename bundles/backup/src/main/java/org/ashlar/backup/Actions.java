package org.ashlar.backup;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.backup.BackupTargetKind;
import org.ashlar.repository.CatchUp;
import org.ashlar.repository.Forget;
import org.ashlar.repository.Id;
import org.ashlar.repository.Node;
import org.ashlar.repository.Prune;
import org.ashlar.repository.Repository;
import org.ashlar.repository.Repository.StoredSnapshot;
import org.ashlar.repository.RepositoryException;
import org.ashlar.repository.Restore;

/** What a person can have done, each as the work of a job. The result is text for that person. */
final class Actions {
    private static final int MAX_LINES = 200;
    private static final Duration GRACE = Duration.ofDays(7);
    private final Engine engine;
    private final TargetActions targets;

    /** @param kinds those that are there, at the moment of each use */
    Actions(Engine engine, Configurations configurations, List<BackupTargetKind> kinds) {
        this.engine = engine;
        this.targets = new TargetActions(engine, configurations, kinds);
    }

    /** The work that a Request asks for. @throws IllegalArgumentException when it is none that is known */
    Job.Work work(String what, JsonNode arguments) {
        Optional<char[]> password = text(arguments, "password").map(String::toCharArray);
        return switch (what) {
            case "Add" -> job -> targets.add(arguments, password, job);
            case "Remove" -> job -> targets.remove(required(arguments, "name"));
            case "Credential" -> job -> targets.credential(required(arguments, "name"), arguments, job);
            case "Now" -> job -> now(arguments, password, job);
            case "Snapshots" -> job -> snapshots(engine.vault().repository(password));
            case "Ls" -> job -> ls(engine.vault().repository(password), arguments);
            case "Verify" -> job -> verify(engine.vault().repository(password), arguments, job);
            case "Restore" -> job -> restore(engine.vault().repository(password), arguments, job);
            case "Forget" -> job -> forget(engine.vault().repository(password), arguments, job);
            case "Password" -> new Passwords(engine).work(required(arguments, "what"), arguments, password);
            case "Sheet" -> job -> targets.sheet().text();
            case "Prune" -> job -> prune(engine.vault().repository(password), arguments, job);
            default -> throw new IllegalArgumentException("backup:distro:sys does not know \"" + Words.line(what) + "\"");
        };
    }

    static Optional<String> text(JsonNode json, String key) {
        return json.path(key).isTextual() ? Optional.of(json.path(key).textValue()) : Optional.empty();
    }

    static String required(JsonNode json, String key) {
        return text(json, key).orElseThrow(() -> new IllegalArgumentException("\"" + key + "\" is missing"));
    }

    static List<String> texts(JsonNode json, String key) {
        List<String> texts = new ArrayList<>();
        json.path(key).forEach(item -> texts.add(item.asText()));
        return texts;
    }

    private String now(JsonNode arguments, Optional<char[]> password, Job job) throws Exception {
        boolean keep = arguments.path("keepPassword").asBoolean();
        if (keep) {
            engine.vault().check(password);
        }
        Repository repository = engine.vault().repository(password);
        if (password.isPresent() && keep) {
            engine.vault().keep(password.get());
        }
        Runs.Outcome outcome = engine.runs().backup(repository, job);
        StringBuilder text = new StringBuilder("snapshot " + outcome.backup().snapshot().brief() + ": "
                + Words.counted(outcome.backup().files(), "file") + ", " + outcome.backup().unchanged() + " of them unchanged, "
                + Words.size(outcome.backup().bytes()) + ", "
                + Words.size(outcome.backup().stored()) + " of it new; complete on " + outcome.complete().size() + " of "
                + Words.counted(engine.targets().all().size(), "target") + "\n");
        engine.runs().troubles().forEach((name, why) -> text.append("  ").append(name).append(": ").append(why).append('\n'));
        if (outcome.complete().isEmpty()) {
            throw new RepositoryException("the snapshot is complete on no target: " + engine.runs().troubles());
        }
        return text.toString();
    }

    private static String snapshots(Repository repository) throws IOException {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"SNAPSHOT", "TIME", "NODE", "TAGS"});
        for (StoredSnapshot stored : repository.snapshots()) {
            rows.add(new String[] {stored.id().brief(), Words.second(stored.snapshot().time().instant()), stored.snapshot().hostname(),
                    String.join(" ", stored.snapshot().tags())});
        }
        return rows.size() == 1 ? "there is no snapshot yet; make one with: ashlar backup now\n" : Status.columns(rows);
    }

    private static String ls(Repository repository, JsonNode arguments) throws IOException {
        StoredSnapshot chosen = OfflineRestore.choose(repository.snapshots(), required(arguments, "snapshot"));
        List<Node> nodes = repository.list(chosen.snapshot(), inSnapshot(text(arguments, "path").orElse(NodeSource.TOP)));
        StringBuilder text = new StringBuilder();
        nodes.stream().limit(MAX_LINES).forEach(node -> text.append(Words.line(node.display()))
                .append(node.type() == Node.Type.FOLDER ? "/" : "  " + Words.size(node.size())).append('\n'));
        if (nodes.size() > MAX_LINES) {
            text.append("… and ").append(nodes.size() - MAX_LINES).append(" more\n");
        }
        return text.toString();
    }

    private String verify(Repository repository, JsonNode arguments, Job job) throws IOException {
        Runs.Proof proof = engine.runs().verify(repository, arguments.path("all").asBoolean(), job);
        if (!proof.holds()) {
            StringBuilder wrong = new StringBuilder(Words.counted(proof.check().count(), "error") + " found");
            proof.check().errors().stream().limit(20).forEach(error -> wrong.append("; ").append(error));
            proof.restored().ifPresent(restored -> restored.problems().stream().limit(20).forEach(error -> wrong.append("; ").append(error)));
            if (engine.targets().all().size() > 1 && arguments.path("repair").asBoolean()) {
                for (Targets.Attached target : engine.targets().all()) {
                    job.progress("repairs " + target.name());
                    new CatchUp(repository).repair(target.name());
                }
                Runs.Proof again = engine.runs().verify(repository, true, job);
                if (again.holds()) {
                    return wrong + ".\nRepaired from the other targets: all is in order now.\n";
                }
            }
            throw new RepositoryException(wrong + ". What is in order on another target comes back with: ashlar backup verify --all --repair");
        }
        return "in order: " + Words.counted(proof.check().snapshots(), "snapshot") + " in " + Words.counted(proof.check().packs(), "pack") + ", "
                + proof.check().read() + " read back" + proof.restored().map(restored -> "; " + Words.counted(restored.files(), "file") + " of "
                + proof.snapshot().orElse("") + " restored to scratch").orElse("") + "\n";
    }

    /** The path in a snapshot that a person means: that of a file in a drive may be given as processes know it. */
    static String inSnapshot(String path) {
        String plain = path.replaceAll("^/+", "");
        if (plain.equals(NodeSource.TOP) || plain.startsWith(NodeSource.TOP + "/")) {
            return "/" + plain;
        }
        boolean inDrive = plain.split("/", 2)[0].contains(":");
        return "/" + NodeSource.TOP + "/" + (inDrive ? "vfs/" : "") + plain;
    }

    private static String restore(Repository repository, JsonNode arguments, Job job) throws IOException {
        StoredSnapshot chosen = OfflineRestore.choose(repository.snapshots(), required(arguments, "snapshot"));
        Path to = Path.of(required(arguments, "folder")).resolve(text(arguments, "to").orElse("restored-" + chosen.id().brief())).normalize();
        job.progress("restores to " + to);
        List<String> paths = texts(arguments, "paths").stream().map(Actions::inSnapshot).toList();
        Restore.Result result = new Restore(repository, chosen.snapshot()).only(paths).durably()
                .watched((done, total) -> job.progress("restores", done, total)).to(to);
        if (result.failed() > 0) {
            throw new RepositoryException(Words.counted(result.failed(), "file") + " could not be restored: "
                    + String.join("; ", result.problems().stream().limit(10).toList()));
        }
        if (result.files() == 0) {
            throw new RepositoryException("nothing in the snapshot " + chosen.id().brief() + " is called so; look with: ashlar backup ls "
                    + chosen.id().brief());
        }
        return "restored " + Words.counted(result.files(), "file") + ", " + Words.size(result.bytes()) + ", to " + to + "\n";
    }

    /** What is missing somewhere may be on a target that is not there: so all must be, before anything goes. */
    private void requireAll(Repository repository, Job job) throws IOException {
        engine.runs().settle(repository, job);
        if (!engine.runs().troubles().isEmpty()) {
            throw new RepositoryException("Nothing is deleted while a target is behind: " + engine.runs().troubles()
                    + ". Bring it back, or forget it with: ashlar backup remove NAME");
        }
    }

    private String forget(Repository repository, JsonNode arguments, Job job) throws IOException {
        List<StoredSnapshot> all = repository.snapshots();
        requireAll(repository, job);
        List<String> ids = texts(arguments, "snapshots");
        if (!ids.isEmpty()) {
            List<Id> chosen = new ArrayList<>();
            for (String id : ids) {
                chosen.add(OfflineRestore.choose(all, id).id());
            }
            new Forget(repository).run(chosen);
            return "forgot " + Words.counted(chosen.size(), "snapshot") + "; the room is freed by: ashlar backup prune\n";
        }
        JsonNode keep = arguments.path("keep");
        boolean given = keep.size() > 0;
        Forget.Policy policy = new Forget.Policy(count(keep, "last", given ? 0 : 10), count(keep, "hourly", given ? 0 : 24),
                count(keep, "daily", given ? 0 : 7), count(keep, "weekly", given ? 0 : 5), count(keep, "monthly", given ? 0 : 12),
                count(keep, "yearly", given ? 0 : 10), ZoneId.systemDefault());
        List<StoredSnapshot> removed = new Forget(repository).run(policy);
        return "forgot " + Words.counted(removed.size(), "snapshot") + ", kept " + (all.size() - removed.size())
                + "; the room is freed by: ashlar backup prune\n";
    }

    private static int count(JsonNode keep, String key, int otherwise) {
        return keep.path(key).asInt(otherwise);
    }

    private String prune(Repository repository, JsonNode arguments, Job job) throws IOException {
        requireAll(repository, job);
        job.progress("looks what no snapshot uses");
        Duration grace = Duration.ofDays(arguments.path("grace").asLong(GRACE.toDays()));
        Prune.Result result = arguments.path("atOnce").asBoolean() ? Prune.atOnce(repository).run() : new Prune(repository, grace).run();
        return "deleted " + Words.counted(result.deleted(), "pack") + ", " + Words.size(result.freed()) + "; "
                + Words.counted(result.waiting(), "pack") + " of no use " + (result.waiting() == 1 ? "goes" : "go") + " when " + grace.toDays()
                + " days are over and a snapshot was made since\n";
    }
}
