package org.ashlar.bench.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
 * {@code init|backup|restore SCRATCH PASSWORD FOLDER,FOLDER… [TREE|TO [PATH]]}: one operation on a repository in local folders, as the engine of a
 * node does it. So its time and processor time can be taken from outside, beside those of another program.
 */
public final class BackupTool {
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
                    Path tree = Path.of(words[4]);
                    long unread = new Backup(repository, FileSource.of(List.of(tree), excluded -> false), List.of(tree.toString())).run().unread();
                    require(unread == 0, unread + " files were not read");
                } else {
                    Restore restore = new Restore(repository, repository.snapshots().getLast().snapshot());
                    Restore.Result result = restore.only(Arrays.asList(words).subList(5, words.length)).to(Path.of(words[4]));
                    require(result.failed() == 0 && result.files() > 0, "not restored: " + result.problems());
                }
            }
        }
    }

    private static void require(boolean done, String otherwise) throws IOException {
        if (!done) {
            throw new IOException(otherwise);
        }
    }
}
