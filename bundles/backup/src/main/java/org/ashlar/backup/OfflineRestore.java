package org.ashlar.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.BackupTargetKind;
import org.ashlar.api.backup.Credential;
import org.ashlar.files.Durable;
import org.ashlar.repository.DeadlineTarget;
import org.ashlar.repository.Options;
import org.ashlar.repository.Replicas;
import org.ashlar.repository.Repository;
import org.ashlar.repository.Repository.StoredSnapshot;
import org.ashlar.repository.RetryingTarget;
import org.ashlar.repository.Watcher;

/**
 * Brings a whole node back on an empty machine, where no framework runs: {@code ashlar restore}. The launcher calls {@link #run} with this
 * bundle, its libraries and the kinds of targets on a class path of their own.
 */
public final class OfflineRestore {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int TRIES = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

    private OfflineRestore() { }

    /**
     * Restores.
     *
     * @param options  of the command: {@code from}, where the backups are, as for {@code ashlar backup add}; several, one a line, stand in for
     *                 each other. {@code snapshot}, its id or the beginning of it, else the newest that lacks nothing. {@code credential-file}, with the lines of
     *                 all targets that need any, in order. All others go to the targets that know them
     * @param folder   what relative paths start from
     * @param home     the new home; there must be nothing
     * @param ask      asks a person a question, its answer hidden or not
     * @param show     gets a line that takes the place of the one before; an empty one takes it away
     * @param tell     gets lines for a person
     * @throws IOException when it cannot be done; the message says why and what to do. Nothing is at {@code home} then
     */
    public static void run(Map<String, String> options, String folder, String home, char[] password, BiFunction<String, Boolean, String> ask,
            Consumer<String> show, Consumer<String> tell) throws IOException {
        new HomeRestore(Path.of(home)).requireFree();
        Path scratch = Files.createTempDirectory("ashlar-restore");
        try (Replicas replicas = new Replicas()) {
            Supplies supplies = Supplies.of(options, Path.of(folder), ask);
            for (String location : options.getOrDefault("from", "").lines().toList()) {
                replicas.add(location, open(location, Path.of(folder), supplies));
            }
            try (Repository repository = Repository.open(replicas, password, Options.here(scratch))) {
                StoredSnapshot chosen = choose(repository.snapshots(), options.getOrDefault("snapshot", "latest"));
                tell.accept("restoring the snapshot " + chosen.id().brief() + " of " + Words.line(chosen.snapshot().hostname()) + ", "
                        + Words.second(chosen.snapshot().time().instant()) + " …");
                report(new HomeRestore(Path.of(home)).run(repository, chosen.snapshot(), new Shown(show)), tell);
            }
        } finally {
            Durable.deleteTree(scratch);
        }
    }

    /** Shows a few times in a second how far it is. */
    private static final class Shown implements Watcher {
        private static final long BETWEEN = 200_000_000L;
        private final Consumer<String> show;
        private final long began = System.nanoTime();
        private long last = began;

        Shown(Consumer<String> show) {
            this.show = show;
        }

        @Override
        public synchronized void at(long done, long total) {
            long now = System.nanoTime();
            if (now - last > BETWEEN || done >= total) {
                last = now;
                show.accept(done >= total ? "" : Words.progress("restored", done, total, now - began));
            }
        }
    }

    private static void report(HomeRestore.Result result, Consumer<String> tell) throws IOException {
        if (!result.problems().isEmpty()) {
            result.problems().forEach(problem -> tell.accept("  " + Words.line(problem)));
            throw new IOException("not everything could be restored, so there is no home; what could lies in " + result.folder()
                    + ". Another target may have the rest: name several with --from");
        }
        tell.accept("restored " + Words.counted(result.files(), "file") + ", " + Words.size(result.bytes()) + ", to " + result.folder());
        if (result.deployed() > 0) {
            tell.accept(Words.counted(result.deployed(), "deployed bundle") + " came back in " + HomeRestore.DEPLOYED
                    + "/ and will not start: each can do whatever the node can. Look at them, then move them to deploy/");
        }
    }

    private static BackupTarget open(String location, Path folder, Supplies supplies) throws IOException {
        BackupTargetKind kind = TargetActions.kindFor(ServiceLoader.load(BackupTargetKind.class, OfflineRestore.class.getClassLoader()), location);
        Map<String, String> known = new HashMap<>(supplies.options());
        known.keySet().retainAll(kind.options());
        Map<String, Object> configuration = kind.configuration(location, folder, known);
        List<String> values = new ArrayList<>();
        for (Credential.Part part : kind.credential(configuration)) {
            values.add(supplies.value(part));
        }
        // A network that falters for a moment is no reason to begin again.
        return new RetryingTarget(new DeadlineTarget(kind.open(configuration, new Credential(values)), PATIENCE), TRIES, FIRST_PAUSE);
    }

    /** What targets are told besides where they are. @param lines what is left of the credential file, if there is one */
    private record Supplies(Map<String, String> options, Optional<Iterator<String>> lines, BiFunction<String, Boolean, String> ask) {
        static Supplies of(Map<String, String> options, Path folder, BiFunction<String, Boolean, String> ask) throws IOException {
            String file = options.get("credential-file");
            return new Supplies(options, file == null ? Optional.empty()
                    : Optional.of(Credential.read(folder.resolve(file)).values().iterator()), ask);
        }

        String value(Credential.Part part) throws IOException {
            if (lines.isEmpty()) {
                return ask.apply(part.question(), part.secret());
            }
            if (!lines.get().hasNext()) {
                throw new IOException("the credential file has too few lines; the next is: " + part.question());
            }
            return lines.get().next();
        }
    }

    /** @param wanted the beginning of an id, also of one that lacks something; or {@code latest}, which lacks nothing */
    static StoredSnapshot choose(List<StoredSnapshot> snapshots, String wanted) throws IOException {
        List<StoredSnapshot> found = wanted.equals("latest") ? snapshots.reversed().stream().filter(Runs::isWhole).limit(1).toList()
                : snapshots.stream().filter(stored -> !wanted.isEmpty() && stored.id().toString().startsWith(wanted)).toList();
        if (found.size() == 1) {
            return found.getFirst();
        }
        if (wanted.equals("latest") && !snapshots.isEmpty()) {
            throw new IOException("every snapshot lacks files that could not be read; name one to have what it holds");
        }
        throw new IOException(snapshots.isEmpty() ? "there is no snapshot yet" : found.isEmpty() ? "there is no snapshot \"" + Words.line(wanted)
                + "\"; \"ashlar backup snapshots\" lists them" : "\"" + Words.line(wanted) + "\" begins several ids; write more of it");
    }

}
