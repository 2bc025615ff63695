package org.ashlar.backup.webdav;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The contract against a real server, {@code rclone serve webdav}. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RcloneTest extends BackupTargetContract {
    private static final String PASSWORD = "a password of backups";

    @TempDir
    Path folder;
    private Path served;
    private Rclone rclone;

    @BeforeEach
    void serve() throws Exception {
        Rclone.require();
        served = Files.createDirectory(folder.resolve("served"));
        rclone = Rclone.serve("webdav", folder, served.toString(), "--user", "alice", "--pass", "secret", "--vfs-cache-mode", "full", "--cache-dir",
                folder.resolve("cache").toString(), "--vfs-write-back", "0");
    }

    @AfterEach
    void stop() throws Exception {
        if (rclone != null) {
            rclone.close();
        }
    }

    private BackupTarget connect(String password) throws IOException {
        return open(new WebdavTargetKind(), "webdav:" + rclone.address(), Map.of("user", "alice"), new Credential(List.of(password)));
    }

    @Override
    protected BackupTarget connect() throws Exception {
        return connect("secret");
    }

    @Test
    void aWrongPasswordIsSaidToBeOne() throws Exception {
        try (BackupTarget target = connect("guess")) {
            RefusedException why = assertThrows(RefusedException.class, () -> target.stat("config"));
            assertTrue(why.getMessage().contains("does not accept the user name and the password"), why.getMessage());
        }
    }

    @Test
    void aStockResticReadsTheFolderThatWasWritten() throws Exception {
        Path tree = Files.createDirectories(folder.resolve("tree/deep"));
        byte[] large = new byte[3 << 20];
        new java.util.Random(7).nextBytes(large);
        Files.write(tree.resolve("large"), large);
        Options options = Options.here(folder).withCost(Options.PasswordCost.NONE);
        try (BackupTarget target = connect(); Replicas replicas = Replicas.of(target);
                Repository repository = Repository.create(replicas, PASSWORD.toCharArray(), options)) {
            new Backup(repository, FileSource.of(List.of(tree), excluded -> false), List.of(tree.toString())).run();
            assertEquals(List.of(), new Check(repository).readingData().run().errors());
        }
        ProcessBuilder builder = new ProcessBuilder("restic", "-r", served.toString(), "--no-cache", "check", "--read-data").redirectErrorStream(true);
        builder.environment().put("RESTIC_PASSWORD", PASSWORD);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(60, TimeUnit.SECONDS) && said.contains("no errors were found"), said);
    }
}
