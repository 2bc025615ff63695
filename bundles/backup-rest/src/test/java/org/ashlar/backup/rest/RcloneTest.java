package org.ashlar.backup.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.Credential;
import org.ashlar.api.backup.RefusedException;
import org.ashlar.repository.Backup;
import org.ashlar.repository.Check;
import org.ashlar.repository.FileSource;
import org.ashlar.repository.Options;
import org.ashlar.repository.Replicas;
import org.ashlar.repository.Repository;
import org.ashlar.tck.BackupTargetContract;
import org.ashlar.tck.Rclone;
import org.ashlar.tck.SelfSigned;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The contract against a real server, {@code rclone serve restic}, and a stock restic on the same one. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RcloneTest extends BackupTargetContract {
    private static final String PASSWORD = "a password of backups";

    @TempDir
    Path folder;
    private Rclone rclone;

    @BeforeEach
    void serve() throws Exception {
        Rclone.require();
        // Its store in memory shows an object when it has all of it; its files it writes in place.
        rclone = serve(":memory:repository");
    }

    private Rclone serve(String served, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("--user", "alice", "--pass", "secret"));
        all.addAll(List.of(options));
        return Rclone.serve("restic", folder, served, all.toArray(String[]::new));
    }

    @AfterEach
    void stop() throws Exception {
        if (rclone != null) {
            rclone.close();
        }
    }

    private static BackupTarget connect(Rclone server, String password) throws IOException {
        return open(new RestTargetKind(), "rest:" + server.address(), Map.of("user", "alice"), new Credential(List.of(password)));
    }

    @Override
    protected BackupTarget connect() throws Exception {
        return connect(rclone, "secret");
    }

    @Test
    void aWrongPasswordIsSaidToBeOne() throws Exception {
        try (BackupTarget target = connect(rclone, "guess")) {
            RefusedException why = assertThrows(RefusedException.class, () -> target.stat("config"));
            assertTrue(why.getMessage().contains("does not accept the user name and the password"), why.getMessage());
        }
        try (BackupTarget target = open(new RestTargetKind(), "rest:" + rclone.address(), Map.of(), Credential.NONE)) {
            RefusedException why = assertThrows(RefusedException.class, () -> target.stat("config"));
            assertTrue(why.getMessage().contains("--user NAME"), why.getMessage());
        }
    }

    @Test
    void aServerThatNobodyVouchesForIsTrustedByItsFingerprint() throws Exception {
        SelfSigned home = SelfSigned.make(folder);
        try (Rclone secure = serve(":memory:secure", "--cert", home.certificate().toString(), "--key", home.key().toString())) {
            assertTrue(secure.address().startsWith("https:"), secure.address());
            Credential credential = new Credential(List.of("secret"));
            try (BackupTarget target = open(new RestTargetKind(), "rest:" + secure.address(), Map.of("user", "alice"), credential)) {
                RefusedException why = assertThrows(RefusedException.class, () -> target.stat("config"));
                assertTrue(why.getMessage().contains("--certificate " + home.fingerprint()), why.getMessage());
            }
            try (BackupTarget target = open(new RestTargetKind(), "rest:" + secure.address(), Map.of("user", "alice", "certificate", home.fingerprint()),
                    credential)) {
                assertTrue(target.put("config", ByteBuffer.allocate(10)));
            }
        }
    }

    @Test
    void aServerThatOnlyLetsFilesBeAddedSaysSo() throws Exception {
        try (Rclone adding = serve(Files.createDirectory(folder.resolve("adding")).toString(), "--append-only");
                BackupTarget target = connect(adding, "secret")) {
            assertTrue(target.put("data/5f/5f0a", ByteBuffer.allocate(10)));
            assertTrue(target.put("locks/5f0a", ByteBuffer.allocate(10)));
            RefusedException why = assertThrows(RefusedException.class, () -> target.delete("data/5f/5f0a"));
            assertTrue(why.getMessage().contains("only lets files be added"), why.getMessage());
            assertTrue(target.delete("locks/5f0a"));
        }
    }

    @Test
    void aStockResticReadsWhatWasWrittenAndWritesMore() throws Exception {
        Path tree = Files.createDirectories(folder.resolve("tree/deep"));
        byte[] large = new byte[3 << 20];
        new java.util.Random(7).nextBytes(large);
        Files.write(tree.resolve("large"), large);
        Files.writeString(tree.resolve("small"), "text");
        Options options = Options.here(folder).withCost(Options.PasswordCost.NONE);
        try (Rclone files = serve(Files.createDirectory(folder.resolve("repository")).toString()); BackupTarget target = connect(files, "secret");
                Replicas replicas = Replicas.of(target); Repository repository = Repository.create(replicas, PASSWORD.toCharArray(), options)) {
            new Backup(repository, FileSource.of(List.of(tree), excluded -> false), List.of(tree.toString())).run();
            assertTrue(restic(files, "check", "--read-data").contains("no errors were found"));
            restic(files, "restore", "latest", "--target", folder.resolve("back").toString());
            assertEquals(-1, Files.mismatch(tree.resolve("large"), Path.of(folder.resolve("back") + tree.toString(), "large")));
            restic(files, "backup", tree.toString());
            repository.refresh();
            assertEquals(2, repository.snapshots().size());
            assertEquals(List.of(), new Check(repository).readingData().run().errors());
        }
    }

    private String restic(Rclone server, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("restic", "-r", "rest:" + server.address().replace("//", "//alice:secret@"), "--no-cache"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("RESTIC_PASSWORD", PASSWORD);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0, said);
        return said;
    }
}
