package org.ashlar.bench.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import org.ashlar.api.backup.BackupTargetKind;
import org.ashlar.api.backup.Credential;
import org.ashlar.repository.Backup;
import org.ashlar.repository.FileSource;
import org.ashlar.repository.Options;
import org.ashlar.repository.Replicas;
import org.ashlar.repository.Repository;
import org.ashlar.repository.Restore;

/**
 * {@code init|backup|again|restore SCRATCH PASSWORD FOLDER,FOLDER… [TREE|TO [PATH]]}: one operation on a repository in local folders, as the engine of a
 * node does it. So its time and processor time can be taken from outside, beside those of another program. {@code again} backs up several
 * times, and prints what the last time took, as in a node that has been running for a while: the word, seconds, seconds of processor time.
 */
public final class BackupTool {
    private static final int TIMES = 5;

    private BackupTool() { }

    /** @throws IOException also when not everything could be done */
    public static void main(String[] words) throws IOException {
        Options options = Options.here(Path.of(words[1]));
        char[] password = words[2].toCharArray();
        try (Replicas replicas = new Replicas()) {
            BackupTargetKind local = ServiceLoader.load(BackupTargetKind.class).stream().map(ServiceLoader.Provider::get)
                    .filter(kind -> kind.isFor("/tmp")).findFirst().orElseThrow();
            for (String folder : words[3].split(",")) {
                Files.createDirectories(Path.of(folder));
                replicas.add(folder, local.open(local.configuration(folder, Path.of("/"), Map.of()), new Credential(List.of())));
            }
            if (words[0].equals("init")) {
                Repository.create(replicas, password, options).close();
                return;
            }
            try (Repository repository = Repository.open(replicas, password, options)) {
                if (words[0].equals("backup")) {
                    backup(repository, Path.of(words[4]));
                } else if (words[0].equals("again")) {
                    again(repository, Path.of(words[4]));
                } else {
                    Restore restore = new Restore(repository, repository.snapshots().getLast().snapshot());
                    Restore.Result result = restore.only(Arrays.asList(words).subList(5, words.length)).to(Path.of(words[4]));
                    require(result.failed() == 0 && result.files() > 0, "not restored: " + result.problems());
                }
            }
        }
    }

    private static void backup(Repository repository, Path tree) throws IOException {
        long unread = new Backup(repository, FileSource.of(List.of(tree), excluded -> false), List.of(tree.toString())).run().unread();
        require(unread == 0, unread + " files were not read");
    }

    private static void again(Repository repository, Path tree) throws IOException {
        for (int i = 1; i <= TIMES; i++) {
            long began = System.nanoTime();
            long cpu = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
            repository.refresh();
            backup(repository, tree);
            if (i == TIMES) {
                System.err.printf(Locale.ROOT, "again %.3f %.3f%n", (System.nanoTime() - began) * 1e-9,
                        (ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() - cpu) * 1e-3);
            }
        }
    }

    private static void require(boolean done, String otherwise) throws IOException {
        if (!done) {
            throw new IOException(otherwise);
        }
    }
}
