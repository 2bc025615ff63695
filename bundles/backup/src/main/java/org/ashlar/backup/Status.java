package org.ashlar.backup;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the backups stand.
 *
 * @param targets  each with what is known of it
 * @param open     whether the password is known, so that the node backs itself up
 * @param schedule when the next run is due, in words
 * @param twin     another copy of this node that runs, too
 */
record Status(List<Target> targets, boolean open, String schedule, Optional<Twin> twin, Instant now) {

    /**
     * Of one target.
     *
     * @param present  whether it is there
     * @param trouble  why it lacks something, as last seen
     * @param complete the moment of the last snapshot that was seen complete on it
     * @param verified when something was last read back from it
     */
    record Target(String name, String location, boolean present, Optional<String> trouble, Optional<Instant> complete,
                  Optional<Instant> verified) {
        String state() {
            if (!present) {
                return "not there";
            }
            return trouble.orElse(complete.isPresent() ? "complete" : "nothing seen on it yet");
        }
    }

    static Status of(Engine engine, Schedule schedule) {
        List<Target> targets = new ArrayList<>();
        for (Targets.Attached target : engine.targets().all()) {
            Ledger.Entry entry = engine.ledger().target(target.name());
            targets.add(new Target(target.name(), target.location(), true, engine.runs().trouble(target.name()), entry.taken(), entry.verified()));
        }
        for (String name : engine.runs().absent()) {
            Ledger.Entry entry = engine.ledger().target(name);
            targets.add(new Target(name, "-", false, Optional.empty(), entry.taken(), entry.verified()));
        }
        return new Status(List.copyOf(targets), engine.vault().isOpen() || engine.vault().isKept(), schedule.words(),
                engine.runs().twin(), engine.now());
    }

    Optional<Instant> newest() {
        return targets.stream().flatMap(target -> target.complete().stream()).max(Instant::compareTo);
    }

    /** What would be lost if this machine burned now, in one line. */
    String line() {
        return safety() + twin.map(other -> " " + other.line()).orElse("");
    }

    private String safety() {
        if (targets.isEmpty()) {
            return "Nothing is backed up yet: there is no target. If this machine burned now, all would be lost. Add one: ashlar backup add FOLDER";
        }
        Optional<Instant> newest = newest();
        if (newest.isEmpty() && !open) {
            return "How the backups stand is not known until their password is given: ashlar backup now";
        }
        if (newest.isEmpty()) {
            return "Nothing is backed up yet: if this machine burned now, all would be lost. Begin with: ashlar backup now";
        }
        long safe = targets.stream().filter(target -> target.present() && target.trouble().isEmpty()
                && target.complete().equals(newest)).count();
        String where = "Safe on " + safe + " of " + Words.counted(targets.size(), "target");
        String lost = newest.get().isAfter(now) ? "its time lies in the future, so a clock is or was wrong"
                : "if this machine burned now, what changed in the last " + Words.duration(Duration.between(newest.get(), now))
                        + " would be lost";
        String last = " as of " + Words.second(newest.get()) + ": " + lost + ".";
        return where + last + (open ? "" : " The password is not known since the node started, so it does not go on by itself: ashlar backup now");
    }

    String table() {
        if (targets.isEmpty()) {
            return "no targets; add one with: ashlar backup add FOLDER\n";
        }
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"TARGET", "STATE", "COMPLETE AS OF", "VERIFIED", "WHERE"});
        for (Target target : targets) {
            rows.add(new String[] {target.name(), target.state(), target.complete().map(Words::minute).orElse("-"),
                    target.verified().map(Words::minute).orElse("-"), target.location()});
        }
        return columns(rows);
    }

    static String columns(List<String[]> rows) {
        int[] widths = new int[rows.getFirst().length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] = Words.line(row[i]);
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                line.append(row[i]).append(" ".repeat(i + 1 < row.length ? widths[i] - row[i].length() + 2 : 0));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("line", line());
        json.put("safe", newest().isPresent());
        json.put("open", open);
        json.put("schedule", schedule);
        twin.ifPresent(other -> json.putObject("twin").put("copy", other.copy()).put("last", other.last().toString()));
        var all = json.putArray("targets");
        for (Target target : targets) {
            ObjectNode one = all.addObject();
            one.put("name", target.name());
            one.put("location", target.location());
            one.put("state", target.state());
            target.complete().ifPresent(time -> one.put("complete", time.toString()));
            target.verified().ifPresent(time -> one.put("verified", time.toString()));
        }
        return json;
    }
}
