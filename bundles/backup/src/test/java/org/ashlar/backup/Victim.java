package org.ashlar.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.BackupTargetKind;
import org.ashlar.api.backup.Credential;
import org.ashlar.repository.Backup;
import org.ashlar.repository.FileSource;
import org.ashlar.repository.Forget;
import org.ashlar.repository.Options;
import org.ashlar.repository.Prune;
import org.ashlar.repository.Replicas;
import org.ashlar.repository.Repository;
import org.ashlar.repository.Watcher;
import org.ashlar.repository.SourceFolder;

/** A process that works on a repository until it is killed, and says what it has been told is done. */
final class Victim {
    static final char[] PASSWORD = "password".toCharArray();

    private final Path folder;
    private final Random random = new Random();

    private Victim(Path folder) {
        this.folder = folder;
    }

    /** @param arguments what to do ({@code backup}, {@code prune} or {@code restore}), and the folder to do it in */
    public static void main(String[] arguments) throws IOException {
        Victim victim = new Victim(Path.of(arguments[1]));
        Options options = options(victim.folder);
        try (Replicas replicas = replicas(victim.folder); Repository repository = Repository.open(replicas, PASSWORD, options)) {
            for (int turn = 0; true; turn++) {
                switch (arguments[0]) {
                    case "backup" -> say("snapshot " + victim.backup(repository));
                    case "prune" -> victim.prune(repository);
                    default -> {
                        Path home = victim.folder.resolve("home-" + turn);
                        new HomeRestore(home).run(repository, repository.snapshots().getLast().snapshot(), Watcher.NONE);
                        say("home " + home);
                    }
                }
                repository.refresh();
            }
        }
    }

    private static void say(String line) {
        System.out.print(line + "\n");
        System.out.flush();
    }

    static Options options(Path folder) {
        return Options.here(folder.resolve("scratch")).withCost(Options.PasswordCost.NONE).withPackSize(1 << 18);
    }

    /** Two folders. */
    static Replicas replicas(Path folder) throws IOException {
        return Replicas.of(target(folder.resolve("one")), target(folder.resolve("two")));
    }

    private static BackupTarget target(Path path) throws IOException {
        BackupTargetKind kind = java.util.ServiceLoader.load(BackupTargetKind.class).findFirst().orElseThrow();
        Files.createDirectories(path);
        return kind.open(kind.configuration(path.toString(), Path.of("/"), Map.of()), Credential.NONE);
    }

    String backup(Repository repository) throws IOException {
        for (int i = 0; i < 8; i++) {
            write(folder.resolve("tree/ashlar/store/file " + random.nextInt(40)), random.nextInt());
        }
        return backup(repository, folder.resolve("tree/ashlar")).toString();
    }

    static org.ashlar.repository.Id backup(Repository repository, Path tree) throws IOException {
        var root = new SourceFolder(SourceFolder.of("root", List.of()).node(), List.of(FileSource.at(tree, excluded -> false)));
        return new Backup(repository, root, List.of("/ashlar")).run().snapshot();
    }

    private void prune(Repository repository) throws IOException {
        backup(repository);
        new Forget(repository).run(new Forget.Policy(1, 0, 0, 0, 0, 0, ZoneOffset.UTC));
        Prune.atOnce(repository).run();
        say("pruned");
    }

    static void write(Path file, int seed) throws IOException {
        byte[] bytes = new byte[50_000];
        new Random(seed).nextBytes(bytes);
        Files.write(file, bytes);
    }
}
