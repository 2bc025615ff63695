package org.ashlar.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.ashlar.files.Durable;

/**
 * What the node remembers of its backups: which repository it is, for each target the last snapshot that was seen complete on it
 * and when it was last verified, and which copy of the node this is: no snapshot has this file, so a home that is restored is another. Kept in {@code <home>/backup/ledger.json}; losing it loses nothing that the next run does not find out.
 * <p>
 * Threads: any number.
 */
final class Ledger {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private Optional<String> repository = Optional.empty();
    private final Map<String, Entry> targets = new TreeMap<>();
    private Optional<Copy> copy = Optional.empty();

    /**
     * One of what may be several homes of a node.
     *
     * @param name  tells it from others
     * @param since when it first was asked for its name
     * @param inode of the folder that this file lies in: a home that was copied is another
     */
    record Copy(String name, Instant since, long inode) { }

    /**
     * Of one target.
     *
     * @param snapshot the last one that was complete on it, and {@code taken} its moment
     * @param verified when something was last read back from it and found in order
     */
    record Entry(Optional<String> snapshot, Optional<Instant> taken, Optional<Instant> verified) {
        static final Entry NOTHING = new Entry(Optional.empty(), Optional.empty(), Optional.empty());
    }

    private Ledger(Path file) {
        this.file = file;
    }

    /** A file that cannot be understood counts as none. */
    static Ledger read(Path file) throws IOException {
        Ledger ledger = new Ledger(file);
        Optional<byte[]> text = PrivateFile.read(file);
        if (text.isPresent()) {
            try {
                ledger.take(JSON.readTree(text.get()));
            } catch (IOException | DateTimeException e) {
                ledger.targets.clear();
            }
        }
        return ledger;
    }

    private void take(JsonNode json) {
        repository = text(json, "repository");
        text(json.path("copy"), "name").ifPresent(name -> copy = Optional.of(new Copy(name, Instant.parse(json.path("copy").path("since").asText()),
                json.path("copy").path("inode").asLong())));
        json.path("targets").properties().forEach(target -> targets.put(target.getKey(), new Entry(text(target.getValue(), "snapshot"),
                text(target.getValue(), "taken").map(Instant::parse), text(target.getValue(), "verified").map(Instant::parse))));
    }

    private static Optional<String> text(JsonNode json, String key) {
        return json.path(key).isTextual() ? Optional.of(json.path(key).textValue()) : Optional.empty();
    }

    private void write() throws IOException {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        repository.ifPresent(id -> json.put("repository", id));
        copy.ifPresent(one -> json.putObject("copy").put("name", one.name()).put("since", one.since().toString())
                .put("inode", one.inode()));
        ObjectNode all = json.putObject("targets");
        targets.forEach((name, entry) -> {
            ObjectNode one = all.putObject(name);
            entry.snapshot().ifPresent(id -> one.put("snapshot", id));
            entry.taken().ifPresent(time -> one.put("taken", time.toString()));
            entry.verified().ifPresent(time -> one.put("verified", time.toString()));
        });
        PrivateFile.write(file, JSON.writeValueAsBytes(json));
    }

    synchronized Optional<String> repository() {
        return repository;
    }

    synchronized void repository(String id) throws IOException {
        if (!repository.equals(Optional.of(id))) {
            repository = Optional.of(id);
            write();
        }
    }

    /** Which copy of the node this is; it gets its name when that is asked for first. */
    synchronized Copy copy(Instant now) throws IOException {
        Durable.createFolder(file.getParent());
        long inode = (long) Files.getAttribute(file.getParent(), "unix:ino");
        if (copy.filter(one -> one.inode() == inode).isEmpty()) {
            copy = Optional.of(new Copy(String.format("%08x", new SecureRandom().nextInt()), now, inode));
            write();
        }
        return copy.get();
    }

    synchronized Entry target(String name) {
        return targets.getOrDefault(name, Entry.NOTHING);
    }

    synchronized void complete(String name, String snapshot, Instant taken) throws IOException {
        targets.put(name, new Entry(Optional.of(snapshot), Optional.of(taken), target(name).verified()));
        write();
    }

    synchronized void verified(String name, Instant when) throws IOException {
        Entry entry = target(name);
        targets.put(name, new Entry(entry.snapshot(), entry.taken(), Optional.of(when)));
        write();
    }

    /** Those on which a snapshot was complete, whether they are there or not. */
    synchronized Set<String> targets() {
        return Set.copyOf(targets.keySet());
    }

    /** @param last whether no other is there: with it, and when none is remembered either, the repository is forgotten */
    synchronized void forget(String name, boolean last) throws IOException {
        targets.remove(name);
        if (last && targets.isEmpty()) {
            repository = Optional.empty();
        }
        write();
    }
}
