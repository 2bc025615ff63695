package org.ashlar.backup.sftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Security;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.Credential;
import org.ashlar.api.backup.RefusedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults on the way to a server, here the library's own; {@link OpenSshTest} shows that the contract is kept, on OpenSSH's. */
class SftpTargetTest {
    private static final Path NOWHERE = Path.of("/");
    @TempDir
    Path folder;
    private final SftpTargetKind kind = new SftpTargetKind();
    private EmbeddedServer server;

    @BeforeEach
    void serve() throws IOException {
        server = new EmbeddedServer(folder);
    }

    @AfterEach
    void end() throws IOException {
        server.close();
    }

    private BackupTarget connect() throws IOException {
        return connect(server.fingerprint(), EmbeddedServer.PASSWORD);
    }

    private BackupTarget connect(String hostKey, Credential credential) throws IOException {
        return kind.open(kind.configuration(server.url(), NOWHERE, Map.of("host-key", hostKey)), credential);
    }

    @Test
    void whatIsPutIsThereUntilItIsDeleted() throws IOException {
        try (BackupTarget target = connect()) {
            byte[] content = new byte[300_000];
            new Random(1).nextBytes(content);
            assertTrue(target.put("data/00/00ab", ByteBuffer.wrap(content)));
            assertFalse(target.put("data/00/00ab", ByteBuffer.allocate(1)));
            ByteBuffer into = ByteBuffer.allocate(content.length);
            assertEquals(content.length - 100, target.get("data/00/00ab", 100, into));
            assertArrayEquals(Arrays.copyOfRange(content, 100, content.length), Arrays.copyOf(into.array(), into.position()));
            List<BackupTarget.Stored> listed = new ArrayList<>();
            target.list("data", listed::add);
            assertEquals(List.of(new BackupTarget.Stored("data/00/00ab", content.length)), listed);
            assertTrue(target.delete("data/00/00ab"));
            assertEquals(OptionalLong.empty(), target.stat("data/00/00ab"));
            assertThrows(NoSuchFileException.class, () -> target.get("data/00/00ab", 0, into.clear()));
        }
    }

    @Test
    void anUnknownHostIsNotToldAPasswordAndItsFingerprintIsShown() {
        String why = assertThrows(RefusedException.class, () -> kind.configuration(server.url(), NOWHERE, Map.of())).getMessage();
        assertTrue(why.contains("--host-key " + server.fingerprint()), why);
    }

    @Test
    void anotherHostKeyIsRefusedAndSaidToHaveChanged() throws IOException {
        String other = "SHA256:" + "A".repeat(43);
        try (BackupTarget target = connect(other, EmbeddedServer.PASSWORD)) {
            String why = assertThrows(RefusedException.class, () -> target.stat("config")).getMessage();
            assertTrue(why.contains("is not the one it was") && why.contains(other) && why.contains(server.fingerprint()), why);
        }
        try (BackupTarget target = connect(other + "," + server.fingerprint(), EmbeddedServer.PASSWORD)) {
            assertTrue(target.stat("config").isEmpty(), "one of several is enough");
        }
    }

    @Test
    void aWrongPasswordIsRefused() throws IOException {
        try (BackupTarget target = connect(server.fingerprint(), new Credential(List.of("wrong")))) {
            String why = assertThrows(RefusedException.class, () -> target.stat("config")).getMessage();
            assertTrue(why.contains("does not let alice in with this password"), why);
        }
    }

    @Test
    void aConnectionThatWasCutIsMadeAnewAtTheNextCall() throws IOException {
        try (BackupTarget target = connect()) {
            target.put("config", ByteBuffer.allocate(10));
            server.cut();
            boolean seen = false;
            for (int i = 0; i < 50 && !seen; i++) {
                try {
                    seen = target.stat("config").orElse(0) == 10;
                } catch (IOException e) {
                    assertFalse(e instanceof RefusedException, e.toString()); // it may be tried again
                }
            }
            assertTrue(seen);
        }
    }

    @Test
    void aServerThatIsAwayIsSaidToBeAwayAndFoundWhenItIsBack() throws IOException {
        int port = server.port();
        try (BackupTarget target = connect(server.fingerprint(), EmbeddedServer.PASSWORD)) {
            server.close();
            IOException away = assertThrows(IOException.class, () -> target.stat("config"));
            assertTrue(away.getMessage().contains("cannot be reached"), away.getMessage());
            server = new EmbeddedServer(folder, port);
            assertThrows(RefusedException.class, () -> target.stat("config"), "it has another key now");
        }
    }

    @Test
    void filesBelongToTheirOwnerAloneAndNothingUnfinishedIsLeft() throws IOException {
        try (BackupTarget target = connect()) {
            assertTrue(target.put("data/00/00ab", ByteBuffer.allocate(3)));
            assertFalse(target.put("data/00/00ab", ByteBuffer.allocate(4)));
        }
        Path root = folder.resolve("backups/of/alice");
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
                assertEquals(Files.isDirectory(path) ? "rwx------" : "rw-------", mode, path.toString());
            }
        }
        try (Stream<Path> unfinished = Files.list(root.resolve("tmp"))) {
            assertEquals(List.of(), unfinished.toList());
        }
    }

    @Test
    void whatACrashLeftIsRemovedADayLater() throws IOException {
        Path unfinished = Files.createDirectories(folder.resolve("backups/of/alice/tmp"));
        Path old = Files.writeString(unfinished.resolve(UUID.randomUUID().toString()), "x");
        Path young = Files.writeString(unfinished.resolve(UUID.randomUUID().toString()), "x");
        Path letter = Files.writeString(unfinished.resolve("letter"), "somebody's, who has a tmp of his own there");
        for (Path each : List.of(old, letter)) {
            Files.setLastModifiedTime(each, FileTime.from(Instant.now().minusSeconds(90_000)));
        }
        try (BackupTarget target = connect()) {
            target.put("config", ByteBuffer.allocate(3));
        }
        assertFalse(Files.exists(old));
        assertTrue(Files.exists(young) && Files.exists(letter));
    }

    @Test
    void callsThatFailLeaveNoChannelsOpen() throws IOException {
        try (BackupTarget target = connect()) {
            target.put("config", ByteBuffer.allocate(3));
            for (int i = 0; i < 3 * EmbeddedServer.CHANNELS; i++) {
                assertThrows(NoSuchFileException.class, () -> target.get("keys/none", 0, ByteBuffer.allocate(1)));
            }
            assertEquals(3, target.stat("config").orElseThrow());
        }
    }

    @Test
    void linksInTheFolderAreNotFollowed() throws IOException {
        try (BackupTarget target = connect()) {
            target.put("keys/a", ByteBuffer.allocate(1));
            Path secret = Files.writeString(folder.resolve("secret"), "x");
            Files.createSymbolicLink(folder.resolve("backups/of/alice/config"), secret);
            assertThrows(IOException.class, () -> target.get("config", 0, ByteBuffer.allocate(1)));
            assertTrue(target.stat("config").isEmpty());
            assertFalse(target.delete("config"));
            assertFalse(target.put("config", ByteBuffer.allocate(3)));
            assertEquals("x", Files.readString(secret));
        }
    }

    @Test
    void theLibraryRegistersNoProviderWithTheWholeJvm() throws IOException {
        try (BackupTarget target = connect()) {
            target.stat("config");
        }
        assertNull(Security.getProvider("BC"));
    }
}
