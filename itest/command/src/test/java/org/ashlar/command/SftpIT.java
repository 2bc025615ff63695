package org.ashlar.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.ashlar.tck.OpenSsh;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a real node on a real SSH server over the real command, and a node that comes back from there on an empty machine. */
class SftpIT {
    @TempDir
    Path folder;

    private String file(String name, String text) throws Exception {
        Path file = Files.writeString(folder.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------")).toString();
    }

    @Test
    void aNodeIsBackedUpOnAnSshServerAndComesBackFromThere() throws Exception {
        OpenSsh.require();
        String password = file("password", "correct horse");
        String passphrase = file("passphrase", "open sesame\n");
        Path keys = Files.createDirectory(folder.resolve("keys"));
        try (OpenSsh server = OpenSsh.start(keys)) {
            String place = server.url(folder.resolve("served/backups"));
            String[] access = {"--key-file", keys.resolve("locked").toString(), "--host-key", server.fingerprint()};
            byte[] identity;
            try (Ashlar ashlar = new Ashlar(folder)) {
                ashlar.up();
                String unknown = ashlar.run("backup", "add", place, "--password-file", password).refused(1).err();
                assertTrue(unknown.contains("--host-key " + server.fingerprint()), unknown);
                String asked = ashlar.run("backup", "add", place, access[0], access[1], access[2], access[3], "--password-file", password)
                        .refused(1).err();
                assertTrue(asked.contains("--credential-file"), asked);
                ashlar.ok("backup", "add", place, access[0], access[1], access[2], access[3], "--password-file", password, "--credential-file",
                        passphrase);
                assertTrue(ashlar.ok("backup", "now").contains("complete on 1 of 1 target"));
                Path kept = ashlar.home().resolve("backup/credentials/backups");
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)));
                assertFalse(Files.readString(ashlar.home().resolve("config/backup-target-backups.json")).contains("sesame"));
                assertFalse(ashlar.ok("backup", "ls", "latest").contains("backup/"), "what lets it in is in no snapshot");
                String wrong = ashlar.run("backup", "credential", "backups", "--credential-file", file("wrong", "wrong")).refused(1).err();
                assertTrue(wrong.contains("passphrase"), wrong);
                ashlar.ok("backup", "credential", "backups", "--credential-file", passphrase);
                assertTrue(ashlar.ok("backup", "verify").startsWith("in order: "));
                identity = Files.readAllBytes(ashlar.home().resolve("identity/node"));
            }
            Path home = folder.resolve("restored");
            try (Ashlar fresh = new Ashlar(Files.createDirectory(folder.resolve("fresh")), home)) {
                String asked = fresh.run("restore", "--from", place, access[0], access[1], access[2], access[3], "--password-file", password)
                        .refused(1).err();
                assertTrue(asked.contains("--credential-file"), asked);
                fresh.ok("restore", "--from", place, access[0], access[1], access[2], access[3], "--password-file", password, "--credential-file",
                        passphrase);
                assertEquals(-1, Files.mismatch(home.resolve("identity/node"), Files.write(folder.resolve("identity"), identity)));
                fresh.ok("up", "--detach");
                fresh.run("backup", "now", "--password-file", password).refused(1);
                assertTrue(fresh.ok("backup", "credential", "backups", "--credential-file", passphrase).contains("is kept"));
                assertTrue(fresh.ok("backup", "now", "--password-file", password).contains("complete on 1 of 1 target"));
            }
        }
    }
}
