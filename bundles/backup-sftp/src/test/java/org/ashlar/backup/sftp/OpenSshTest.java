package org.ashlar.backup.sftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.Credential;
import org.ashlar.api.backup.RefusedException;
import org.ashlar.tck.BackupTargetContract;
import org.ashlar.tck.OpenSsh;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder behind a real OpenSSH server keeps the contract; faults on the way. */
class OpenSshTest extends BackupTargetContract {
    private static final int LARGE = 20 << 20;
    @TempDir
    static Path keys;
    @TempDir
    Path folder;
    private static OpenSsh server;
    private final SftpTargetKind kind = new SftpTargetKind();

    @BeforeAll
    static void serve() throws Exception {
        OpenSsh.require();
        server = OpenSsh.start(keys);
    }

    @AfterAll
    static void end() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected BackupTarget connect() throws Exception {
        return connect(server, "user", Credential.NONE);
    }

    private Map<String, Object> configuration(OpenSsh host, String key) throws Exception {
        return kind.configuration(host.url(folder.resolve("of/alice")), keys, Map.of("host-key", host.fingerprint(), "key-file", key));
    }

    private BackupTarget connect(OpenSsh host, String key, Credential credential) throws Exception {
        return kind.open(configuration(host, key), credential);
    }

    @Test
    void theFingerprintOfAnUnknownHostIsTheOneThatItsOwnToolShows() throws Exception {
        String fingerprint = server.fingerprint();
        String why = assertThrows(RefusedException.class, () -> kind.configuration(server.url(folder), keys, Map.of())).getMessage();
        assertTrue(why.contains("--host-key " + fingerprint) && why.contains("ssh-ed25519"), why);
    }

    @Test
    void aLockedKeyNeedsItsPassphrase() throws Exception {
        assertEquals(List.of(), kind.credential(configuration(server, "user")));
        List<Credential.Part> parts = kind.credential(configuration(server, "locked"));
        assertTrue(parts.size() == 1 && parts.getFirst().secret() && parts.getFirst().question().contains("Passphrase"), parts.toString());
        try (BackupTarget target = connect(server, "locked", new Credential(List.of("open sesame")))) {
            assertTrue(target.put("config", ByteBuffer.allocate(3)));
        }
        try (BackupTarget target = connect(server, "locked", new Credential(List.of("wrong")))) {
            assertThrows(RefusedException.class, () -> target.stat("config"));
        }
    }

    @Test
    void aWrongPasswordAndAKeyThatIsNotKnownThereAreRefused() throws Exception {
        try (BackupTarget target = kind.open(kind.configuration(server.url(folder), keys, Map.of("host-key", server.fingerprint())),
                new Credential(List.of("wrong")))) {
            String why = assertThrows(RefusedException.class, () -> target.stat("config")).getMessage();
            assertTrue(why.contains("with this password"), why);
        }
        try (BackupTarget target = connect(server, "host", Credential.NONE)) {
            String why = assertThrows(RefusedException.class, () -> target.stat("config")).getMessage();
            assertTrue(why.contains("authorized_keys"), why);
        }
    }

    @Test
    void aPutWhoseConnectionIsCutStoresAllOrNothingAndCanBeTriedAgain() throws Exception {
        ByteBuffer content = ByteBuffer.allocate(LARGE);
        try (BackupTarget target = connect(); ExecutorService pool = Executors.newSingleThreadExecutor()) {
            assertTrue(target.put("config", ByteBuffer.allocate(3)));
            boolean cutOne = false;
            for (int i = 0; i < 10 && !cutOne; i++) {
                String name = "data/00/" + i;
                Future<Boolean> put = pool.submit(() -> target.put(name, content));
                Thread.sleep(50L * i);
                server.cut();
                try {
                    put.get();
                } catch (java.util.concurrent.ExecutionException e) {
                    assertTrue(e.getCause() instanceof IOException && !(e.getCause() instanceof RefusedException), e.toString());
                    cutOne = true;
                }
                try (BackupTarget other = connect()) {
                    OptionalLong size = other.stat(name);
                    assertTrue(size.isEmpty() || size.getAsLong() == LARGE, size.toString());
                    assertEquals(size.isEmpty(), retried(target, name, content));
                }
            }
            assertTrue(cutOne);
        }
    }

    /** The first call after a cut may still find the old connection. */
    private static boolean retried(BackupTarget target, String name, ByteBuffer content) throws IOException {
        try {
            return target.put(name, content);
        } catch (IOException e) {
            return target.put(name, content);
        }
    }

    @Test
    void aFullDiskIsSaidAndLeavesNothingUnderTheName() throws Exception {
        // A limit of the size of a file stands in for the end of a disk: the server's write fails in the same way.
        try (OpenSsh full = new OpenSsh(keys, "ulimit -f 8192; trap '' XFSZ"); BackupTarget target = connect(full, "user", Credential.NONE)) {
            String why = assertThrows(IOException.class, () -> target.put("config", ByteBuffer.allocate(LARGE))).getMessage();
            assertTrue(why.contains("disk full"), why);
            assertTrue(target.stat("config").isEmpty());
            assertTrue(target.put("config", ByteBuffer.allocate(3)), "the connection goes on");
        }
        try (var unfinished = Files.list(folder.resolve("of/alice/tmp"))) {
            assertEquals(0, unfinished.count());
        }
    }

    @Test
    void aFolderThatBelongsToSomebodyElseIsRefused() throws Exception {
        assumeFalse(System.getProperty("user.name").equals("root"), "root may write anywhere");
        Files.createDirectory(folder.resolve("of"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));
        try (BackupTarget target = connect()) {
            String why = assertThrows(RefusedException.class, () -> target.put("config", ByteBuffer.allocate(3))).getMessage();
            assertTrue(why.contains("permission denied"), why);
        }
        assertFalse(Files.exists(folder.resolve("of/alice")));
    }
}
