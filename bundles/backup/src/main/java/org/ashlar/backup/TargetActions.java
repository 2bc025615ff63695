package org.ashlar.backup;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.BackupTargetKind;
import org.ashlar.api.backup.Credential;
import org.ashlar.repository.CatchUp;
import org.ashlar.repository.RateLimitedTarget;
import org.ashlar.repository.Repository;

/** Adding a target, removing one, and telling it its credential anew. Each in a job. */
final class TargetActions {
    /** How long a target that was just configured may take to appear. */
    private static final Duration APPEARANCE = Duration.ofSeconds(10);

    private static final Pattern RATE = Pattern.compile("([0-9]{1,9})([KMGkmg]?)");

    private final Engine engine;
    private final Configurations configurations;
    private final List<BackupTargetKind> kinds;

    TargetActions(Engine engine, Configurations configurations, List<BackupTargetKind> kinds) {
        this.engine = engine;
        this.configurations = configurations;
        this.kinds = kinds;
    }

    String add(JsonNode arguments, Optional<char[]> password, Job job) throws Exception {
        String location = Actions.required(arguments, "location");
        BackupTargetKind kind = kindFor(kinds, location);
        Map<String, String> options = new HashMap<>();
        arguments.path("options").properties().forEach(option -> options.put(option.getKey(), option.getValue().asText()));
        for (String option : options.keySet()) {
            if (!kind.options().contains(option)) {
                throw new IOException("--" + Words.line(option) + " is of no use with \"" + Words.line(location) + "\"");
            }
        }
        Map<String, Object> values = new HashMap<>(kind.configuration(location, Path.of(Actions.text(arguments, "folder").orElse("/")), options));
        Optional<String> limit = Actions.text(arguments, "limit");
        if (limit.isPresent()) {
            values.put(BackupTarget.LIMIT, rate(limit.get()));
        }
        String name = Actions.text(arguments, "name").orElseGet(() -> freeName(location));
        if (!Configurations.isName(name)) {
            throw new IOException("\"" + Words.line(name) + "\" is no name of a target: a-z, 0-9 and -, at most 40; choose one with --name");
        }
        if (engine.targets().named(name).isPresent() || configurations.has(name)) {
            throw new IOException("there is a target " + name + " already; choose another with --name");
        }
        Optional<Targets.Attached> same = engine.targets().at(String.valueOf(values.get(BackupTarget.LOCATION)));
        if (same.isPresent()) {
            throw new IOException("that place is the target " + same.get().name() + " already, and counts once");
        }
        Credential credential = credential(kind.credential(values), arguments);
        engine.vault().check(password);
        boolean first = engine.ledger().repository().isEmpty();
        job.progress("tries the target");
        configurations.add(name, kind.pid(), values, credential);
        boolean kept = false;
        try {
            await(name, Optional.empty());
            Repository repository = engine.vault().openOrCreate(password);
            new CatchUp(repository).run(name);
            if (password.isPresent() && arguments.path("keepPassword").asBoolean()) {
                engine.vault().keep(password.get());
            }
            engine.runs().settle(repository, job);
            kept = true;
        } finally {
            if (!kept) {
                configurations.remove(name);
                if (first) {
                    forget(name);
                }
            }
        }
        return "added " + name + "\n" + (first ? explanation() : "");
    }

    /** Bytes a second, of {@code 500K}, {@code 5M} or a number. */
    static long rate(String text) throws IOException {
        Matcher rate = RATE.matcher(text);
        if (rate.matches()) {
            long bytes = Long.parseLong(rate.group(1)) << 10 * " KMG".indexOf(rate.group(2).isEmpty() ? ' ' : Character.toUpperCase(rate.group(2).charAt(0)));
            if (bytes >= RateLimitedTarget.MIN_RATE) {
                return bytes;
            }
        }
        throw new IOException("--limit takes bytes a second, such as 500K or 5M, at least " + RateLimitedTarget.MIN_RATE / 1024 + "K");
    }

    /** The kind that a location is of. */
    static BackupTargetKind kindFor(Iterable<BackupTargetKind> kinds, String location) throws IOException {
        for (BackupTargetKind kind : kinds) {
            if (kind.isFor(location)) {
                return kind;
            }
        }
        throw new IOException("nothing here knows what \"" + Words.line(location) + "\" is; a folder is named by its path");
    }

    /** What was given, if it is as much as is needed. */
    private static Credential credential(List<Credential.Part> parts, JsonNode arguments) throws IOException, Job.CredentialNeeded {
        List<String> given = Actions.texts(arguments, "credential");
        if (given.isEmpty() && !parts.isEmpty()) {
            throw new Job.CredentialNeeded(parts);
        }
        if (given.size() != parts.size()) {
            throw new IOException(parts.isEmpty() ? "this target needs no credential; leave --credential-file out" : "the credential has "
                    + Words.counted(given.size(), "line") + ", and needs " + parts.size() + ": "
                    + String.join(", ", parts.stream().map(Credential.Part::question).toList()));
        }
        return new Credential(given);
    }

    private String explanation() {
        return """
                Write the password down and keep it away from this machine, with the name of this place: they are all that is needed to bring
                the node back on an empty machine (ashlar restore --from PLACE --home NEW), and without the password nobody can, not even you.
                A sheet for that, with all places and every step, to print and fill in: ashlar backup sheet --to FILE
                %s
                """.formatted(engine.vault().isKept() ? "It is kept in a file that only you can read, so that backups run by themselves."
                : "It is not kept: after a restart of the node, backups begin again when you give it (ashlar backup now).");
    }

    private String freeName(String location) {
        String last = location.replaceAll("/+$", "").replaceAll(".*/", "").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-+|-+$", "");
        String base = last.isEmpty() ? "target" : last.substring(0, Math.min(last.length(), 30)).replaceAll("-+$", "");
        String name = base;
        for (int i = 2; engine.targets().named(name).isPresent() || configurations.has(name); i++) {
            name = base + "-" + i;
        }
        return name;
    }

    /** Waits until the target is there, and is another than {@code before}. */
    private void await(String name, Optional<BackupTarget> before) throws IOException, InterruptedException {
        Targets.Attached there = engine.targets().await(name, before, APPEARANCE)
                .orElseThrow(() -> new IOException("the target did not appear; \"ashlar status\" may tell why"));
        there.target().stat("config");
    }

    /** Replaces the credential of a target, once the target has been seen to take it. */
    String credential(String name, JsonNode arguments, Job job) throws Exception {
        Configurations.Added added = configurations.added(name).orElseThrow(() -> new IOException("there is no target \"" + Words.line(name)
                + "\" that was added with \"ashlar backup add\"; \"ashlar backup targets\" lists them"));
        BackupTargetKind kind = kinds.stream().filter(each -> each.pid().equals(added.pid())).findFirst().orElseThrow(() -> new IOException(
                "the part that makes the target " + name + " is not there now"));
        List<Credential.Part> parts = kind.credential(added.values());
        if (parts.isEmpty()) {
            throw new IOException("the target " + name + " needs no credential");
        }
        Credential credential = credential(parts, arguments);
        job.progress("tries the target");
        try (BackupTarget target = kind.open(added.values(), credential)) {
            target.stat("config");
        }
        Optional<BackupTarget> before = engine.targets().named(name).map(Targets.Attached::target);
        configurations.credential(name, credential);
        await(name, before);
        return "the credential of " + name + " is kept\n";
    }

    String remove(String name) throws IOException {
        Optional<Targets.Attached> there = engine.targets().named(name);
        boolean added = Configurations.isName(name) && configurations.remove(name);
        if (!added && (there.isPresent() || !engine.ledger().targets().contains(name))) {
            throw new IOException(there.isPresent() ? "the target " + name + " was not added with \"ashlar backup add\"; remove its bundle or"
                    + " configuration" : "there is no target \"" + Words.line(name) + "\"; \"ashlar backup targets\" lists them");
        }
        forget(name);
        return "removed " + name + "; what is stored there stays" + there.map(target -> " in " + target.location()).orElse("") + "\n";
    }

    /** What a person needs when this machine is gone. */
    RecoverySheet sheet() throws IOException {
        List<RecoverySheet.Place> places = new ArrayList<>();
        for (Targets.Attached target : engine.targets().all()) {
            Optional<Configurations.Added> added = configurations.added(target.name());
            List<String> questions = new ArrayList<>();
            for (BackupTargetKind kind : kinds) {
                if (added.isPresent() && kind.pid().equals(added.get().pid())) {
                    kind.credential(added.get().values()).forEach(part -> questions.add(part.question()));
                }
            }
            places.add(new RecoverySheet.Place(target.name(), target.location(), questions));
        }
        return new RecoverySheet(engine.node(), engine.ledger().repository(), places, engine.now());
    }

    /** With the last target, the node forgets its password and which backups are its own. */
    private void forget(String name) throws IOException {
        boolean last = engine.targets().all().stream().allMatch(target -> target.name().equals(name));
        engine.ledger().forget(name, last);
        engine.runs().forgetTrouble(name);
        if (engine.ledger().repository().isEmpty()) {
            engine.vault().forget();
        }
    }
}
