package org.ashlar.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ashlar.tck.Rclone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node is backed up to real servers, and comes back from each of them. */
class ServerTargetsIT {
    private static final String PASSWORD = "correct horse battery staple";
    private static final String SECRET = "the server's password";

    @TempDir
    Path folder;

    private static Path secret(Path file, String content) throws Exception {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, content);
    }

    private static String[] with(List<String> words, String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void aNodeComesBackFromARestServerAndFromAWebdavServer() throws Exception {
        Rclone.require();
        Path password = secret(folder.resolve("password"), PASSWORD);
        Path credential = secret(folder.resolve("credential"), SECRET + "\n");
        List<String> asked = List.of("--user", "alice", "--credential-file", credential.toString(), "--password-file", password.toString());
        try (Rclone rest = Rclone.serve("restic", folder, Files.createDirectory(folder.resolve("rest")).toString(), "--user", "alice", "--pass", SECRET);
                Rclone webdav = Rclone.serve("webdav", folder, Files.createDirectory(folder.resolve("webdav")).toString(), "--user", "alice", "--pass",
                        SECRET)) {
            List<String> places = List.of("rest:" + rest.address() + "node", "webdav:" + webdav.address() + "node");
            Path key;
            try (Ashlar ashlar = new Ashlar(folder)) {
                ashlar.up();
                String none = ashlar.run("backup", "add", places.getFirst(), "--password-file", password.toString()).refused(1).err();
                assertTrue(none.contains("--user NAME"), none);
                Path guess = secret(folder.resolve("guess"), "guess");
                String wrong = ashlar.run("backup", "add", places.getFirst(), "--user", "alice", "--credential-file", guess.toString(),
                        "--password-file", password.toString()).refused(1).err();
                assertTrue(wrong.contains("does not accept the user name and the password"), wrong);
                String plain = ashlar.run(with(List.of("backup", "add", "rest:http://nas.example/x"), asked.toArray(String[]::new))).refused(1).err();
                assertTrue(plain.contains("--plain-http"), plain);

                ashlar.ok(with(List.of("backup", "add", places.get(0), "--name", "rest", "--limit", "50M"), asked.toArray(String[]::new)));
                ashlar.ok(with(List.of("backup", "add", places.get(1), "--name", "webdav"), asked.toArray(String[]::new)));
                assertTrue(ashlar.ok("backup", "now").contains("complete on 2 of 2 targets"));
                assertTrue(ashlar.ok("backup", "verify", "--all").startsWith("in order: "));
                String targets = ashlar.ok("backup", "targets");
                assertTrue(targets.contains(places.get(0)) && targets.contains("50.0 MiB a second") && targets.contains(places.get(1)), targets);
                assertFalse(targets.contains(SECRET));
                assertNoSecret(ashlar.home().resolve("config"));
                key = ashlar.home().resolve("identity/node");
            }
            for (String place : places) {
                Path home = folder.resolve("from-" + place.substring(0, place.indexOf(':')));
                try (Ashlar restored = new Ashlar(folder, home)) {
                    restored.ok(with(List.of("restore", "--from", place), asked.toArray(String[]::new)));
                    assertEquals(-1, Files.mismatch(key, home.resolve("identity/node")));
                    assertNoSecret(home);
                }
            }
        }
    }

    private static void assertNoSecret(Path root) throws Exception {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertFalse(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1).contains(SECRET), file.toString());
            }
        }
    }
}
