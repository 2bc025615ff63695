package org.ashlar.backup;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ashlar.repository.Id;
import org.ashlar.repository.Repository;
import org.ashlar.repository.RepositoryException;

/** The passwords that open the backups: there may be several, each with a key file of its own on every target. Each action in a job. */
final class Passwords {
    private final Engine engine;

    Passwords(Engine engine) {
        this.engine = engine;
    }

    Job.Work work(String what, JsonNode arguments, Optional<char[]> password) {
        return switch (what) {
            case "add" -> job -> add(password, fresh(arguments), job);
            case "change" -> job -> change(password, fresh(arguments), job);
            case "list" -> job -> list(engine.vault().repository(password));
            case "remove" -> job -> remove(engine.vault().repository(password), Actions.required(arguments, "key"), job);
            default -> throw new IllegalArgumentException("password is followed by add, change, list or remove KEY, not \"" + Words.line(what) + "\"");
        };
    }

    private static Optional<char[]> fresh(JsonNode arguments) {
        return Actions.text(arguments, "newPassword").map(String::toCharArray);
    }

    private static char[] required(Optional<char[]> password, Job.Password which) throws Job.PasswordNeeded {
        return password.orElseThrow(() -> new Job.PasswordNeeded(which));
    }

    private Repository open(char[] current, Job job) throws IOException, Job.PasswordNeeded {
        Repository repository = engine.vault().repository(Optional.of(current));
        requireAll(repository, job);
        return repository;
    }

    /** A target that is not there would keep its keys, and bring one that was removed back. */
    private void requireAll(Repository repository, Job job) throws IOException {
        engine.runs().settle(repository, job);
        if (!engine.runs().troubles().isEmpty()) {
            throw new RepositoryException("Passwords are changed only while every target is there and lacks nothing: " + engine.runs().troubles()
                    + ". Bring it back, or forget it with: ashlar backup remove NAME");
        }
    }

    private String add(Optional<char[]> current, Optional<char[]> fresh, Job job) throws IOException, Job.PasswordNeeded {
        char[] known = required(current, Job.Password.EXISTING);
        char[] wanted = required(fresh, Job.Password.NEW);
        Repository repository = open(known, job);
        repository.keyOf(known);
        Id key = repository.addPassword(wanted);
        return "added a password, key " + key.brief() + "; both open the backups now\n";
    }

    private String change(Optional<char[]> current, Optional<char[]> fresh, Job job) throws IOException, Job.PasswordNeeded {
        char[] former = required(current, Job.Password.EXISTING);
        char[] wanted = required(fresh, Job.Password.NEW);
        Repository repository = open(former, job);
        Id old = repository.keyOf(former);
        Id key = repository.addPassword(wanted);
        boolean kept = engine.vault().isKept(former);
        if (kept) {
            engine.vault().keep(wanted); // before the old one goes: what is kept opens the backups at every moment
        }
        repository.removePassword(old);
        return "changed the password, key " + key.brief() + " in place of " + old.brief() + (kept ? "; the new one is kept as the old one was" : "")
                + ". Write it down; the old one opens nothing any more\n";
    }

    private static String list(Repository repository) throws IOException {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"KEY", "MADE", "BY"});
        for (Repository.KeyInfo key : repository.keys()) {
            rows.add(new String[] {key.id().brief(), Words.second(key.created().instant()), key.username() + "@" + key.hostname()});
        }
        return Status.columns(rows);
    }

    private String remove(Repository repository, String wanted, Job job) throws IOException, Job.PasswordNeeded {
        List<Repository.KeyInfo> found = repository.keys().stream().filter(key -> key.id().toString().startsWith(wanted)).toList();
        if (found.size() != 1) {
            throw new IOException((found.isEmpty() ? "there is no key \"" : "several keys begin with \"") + Words.line(wanted)
                    + "\"; \"ashlar backup password list\" shows them");
        }
        Id key = found.getFirst().id();
        Optional<char[]> kept = engine.vault().kept();
        if (kept.isPresent() && isOf(key, kept.get(), repository)) {
            throw new IOException("this is the password that is kept for backups by themselves; change it with: ashlar backup password change");
        }
        kept.ifPresent(password -> Arrays.fill(password, '\0'));
        requireAll(repository, job);
        repository.removePassword(key);
        return "removed the key " + key.brief() + "; its password opens nothing any more\n";
    }

    private static boolean isOf(Id key, char[] password, Repository repository) throws IOException {
        try {
            return repository.keyOf(password).equals(key);
        } catch (RepositoryException e) {
            return false; // it opens nothing, as when it was changed from another machine
        }
    }
}
