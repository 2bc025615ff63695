package org.ashlar.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.BackupTargetKind;
import org.ashlar.files.Durable;
import org.ashlar.repository.Options;
import org.ashlar.repository.Replicas;
import org.ashlar.repository.Repository;
import org.ashlar.repository.Repository.StoredSnapshot;

/**
 * Brings a whole node back on an empty machine, where no framework runs: {@code ashlar restore}. The launcher calls {@link #run} with this
 * bundle, its libraries and the kinds of targets on a class path of their own.
 */
public final class OfflineRestore {
    private OfflineRestore() { }

    /**
     * Restores.
     *
     * @param from     where the backups are, as for {@code ashlar backup add}; several, one a line, stand in for each other
     * @param folder   what relative paths start from
     * @param snapshot its id or the beginning of it; {@code latest} is the newest
     * @param home     the new home; there must be nothing
     * @param tell     gets lines for a person
     * @throws IOException when it cannot be done; the message says why and what to do. Nothing is at {@code home} then
     */
    public static void run(String from, String folder, String snapshot, String home, char[] password, Consumer<String> tell) throws IOException {
        new HomeRestore(Path.of(home)).requireFree();
        Path scratch = Files.createTempDirectory("ashlar-restore");
        try (Replicas replicas = new Replicas()) {
            for (String location : from.lines().toList()) {
                replicas.add(location, open(location, Path.of(folder)));
            }
            try (Repository repository = Repository.open(replicas, password, Options.here(scratch))) {
                StoredSnapshot chosen = choose(repository.snapshots(), snapshot);
                tell.accept("restoring the snapshot " + chosen.id().brief() + " of " + Words.line(chosen.snapshot().hostname()) + ", "
                        + Words.second(chosen.snapshot().time().instant()) + " …");
                report(new HomeRestore(Path.of(home)).run(repository, chosen.snapshot()), tell);
            }
        } finally {
            Durable.deleteTree(scratch);
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

    private static BackupTarget open(String location, Path folder) throws IOException {
        for (BackupTargetKind kind : ServiceLoader.load(BackupTargetKind.class, OfflineRestore.class.getClassLoader())) {
            if (kind.isFor(location)) {
                Map<String, Object> configuration = kind.configuration(location, folder);
                requireThere(configuration);
                return kind.open(configuration);
            }
        }
        throw new IOException("nothing here knows what \"" + Words.line(location) + "\" is; a folder is named by its path");
    }

    /** A folder that is missing would be made: here it is a mistake. */
    private static void requireThere(Map<String, Object> configuration) throws IOException {
        if (configuration.get("path") instanceof String path && !Files.isDirectory(Path.of(path))) {
            throw new IOException("there is no folder " + path + "; is the disk there?");
        }
    }

    static StoredSnapshot choose(List<StoredSnapshot> snapshots, String wanted) throws IOException {
        List<StoredSnapshot> found = wanted.equals("latest") ? snapshots.reversed().stream().limit(1).toList()
                : snapshots.stream().filter(stored -> !wanted.isEmpty() && stored.id().toString().startsWith(wanted)).toList();
        if (found.size() == 1) {
            return found.getFirst();
        }
        throw new IOException(snapshots.isEmpty() ? "there is no snapshot yet" : found.isEmpty() ? "there is no snapshot \"" + Words.line(wanted)
                + "\"; \"ashlar backup snapshots\" lists them" : "\"" + Words.line(wanted) + "\" begins several ids; write more of it");
    }

}
