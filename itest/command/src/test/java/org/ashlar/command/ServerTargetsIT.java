package org.ashlar.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ashlar.tck.Rclone;
import org.ashlar.tck.S3Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node is backed up to real servers, and comes back from each of them. */
class ServerTargetsIT {
    private static final String PASSWORD = "correct horse battery staple";
    private static final String SECRET = "the server's password";

    /** Of a target, a second: a run takes long enough to be caught in the middle. */
    private static final String SLOW = "6M";
    private static final String TREASURE = "/treasures:itest/drive/treasure";

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

    @Test
    void aServerThatIsKilledInTheMiddleOfARunIsMissedByNobodyAndIsCaughtUpWhenItIsBack() throws Exception {
        Rclone.require();
        Path password = secret(folder.resolve("password"), PASSWORD);
        Path one = folder.resolve("one");
        Path served = Files.createDirectory(folder.resolve("rest"));
        try (Rclone rest = Rclone.serve("restic", folder, served.toString()); Ashlar ashlar = new Ashlar(folder)) {
            ashlar.up();
            ashlar.ok("backup", "add", one.toString(), "--password-file", password.toString());
            ashlar.ok("backup", "add", "rest:" + rest.address() + "node", "--name", "rest", "--limit", SLOW);
            Path treasure = treasure(ashlar, 1);
            Process run = runUntilSomethingIsOn(ashlar, served.resolve("node/data"));
            rest.kill();
            String said = ended(run, 0);
            assertTrue(said.contains("complete on 1 of 2 targets"), said);
            assertEquals(1, said.lines().filter(line -> line.contains("rest") && line.contains("127.0.0.1")).count(), said);
            assertTrue(ashlar.ok("backup", "status").startsWith("Safe on 1 of 2 targets"));
            rest.again();
            assertTrue(ashlar.ok("backup", "now").contains("complete on 2 of 2 targets"));
            assertTrue(ashlar.ok("backup", "verify", "--all").startsWith("in order: "));
            assertComesBack("rest:" + rest.address() + "node", treasure, List.of("--password-file", password.toString()));
        }
    }

    @Test
    void aRunWhoseOnlyServerIsKilledEndsWithOneLineAndTheNextOneIsWhole() throws Exception {
        Rclone.require();
        Path password = secret(folder.resolve("password"), PASSWORD);
        Path credential = secret(folder.resolve("credential"), SECRET + "\n");
        List<String> asked = List.of("--user", "alice", "--credential-file", credential.toString(), "--password-file", password.toString());
        Path served = Files.createDirectory(folder.resolve("webdav"));
        try (Rclone webdav = Rclone.serve("webdav", folder, served.toString(), "--user", "alice", "--pass", SECRET);
                Ashlar ashlar = new Ashlar(folder)) {
            String place = "webdav:" + webdav.address() + "node";
            ashlar.up();
            ashlar.ok(with(List.of("backup", "add", place, "--limit", SLOW), asked.toArray(String[]::new)));
            Path treasure = treasure(ashlar, 2);
            Process run = runUntilSomethingIsOn(ashlar, served.resolve("node/data"));
            webdav.kill();
            String said = ended(run, 1);
            assertEquals(1, said.lines().filter(line -> line.startsWith("ashlar: ")).count(), said);
            webdav.again();
            assertTrue(ashlar.ok("backup", "now").contains("complete on 1 of 1 target"));
            assertTrue(ashlar.ok("backup", "verify", "--all").startsWith("in order: "));
            assertComesBack(place, treasure, asked);
        }
    }

    @Test
    void aFileComesBackFromABucketOfAnS3Server() throws Exception {
        S3Server.require();
        Path password = secret(folder.resolve("password"), PASSWORD);
        Path credential = secret(folder.resolve("credential"), String.join("\n", S3Server.CREDENTIAL.values()) + "\n");
        List<String> asked = List.of("--credential-file", credential.toString(), "--password-file", password.toString());
        try (S3Server s3 = new S3Server(Files.createDirectory(folder.resolve("s3"))); Ashlar ashlar = new Ashlar(folder)) {
            String place = s3.url(S3Server.BUCKET + "/nodes/itest");
            ashlar.up();
            Path guess = secret(folder.resolve("guess"), "AKIDEXAMPLE\nguess\n");
            String wrong = ashlar.run("backup", "add", place, "--credential-file", guess.toString(), "--password-file", password.toString())
                    .refused(1).err();
            assertTrue(wrong.contains("the access key or its secret"), wrong);
            ashlar.ok(with(List.of("backup", "add", place), asked.toArray(String[]::new)));
            Path treasure = treasure(ashlar, 3);
            assertTrue(ashlar.ok("backup", "now").contains("complete on 1 of 1 target"));
            ashlar.ok("rm", TREASURE);
            ashlar.ok("backup", "restore", "latest", TREASURE, "--to", TREASURE.substring(0, TREASURE.lastIndexOf('/')));
            ashlar.ok("get", TREASURE, folder.resolve("got").toString());
            assertEquals(-1, Files.mismatch(treasure, folder.resolve("got")));
            assertComesBack(place, treasure, asked);
        }
    }

    /** Puts a file into a drive that fills some packs. */
    private Path treasure(Ashlar ashlar, int seed) throws Exception {
        byte[] bytes = new byte[48 << 20];
        new Random(seed).nextBytes(bytes);
        Path file = Files.write(folder.resolve("treasure"), bytes);
        ashlar.ok("put", file.toString(), TREASURE);
        return file;
    }

    /** Begins a run, and waits until there is more in a folder of the server, which takes it slowly, than before. */
    private Process runUntilSomethingIsOn(Ashlar ashlar, Path data) throws Exception {
        long before = files(data);
        Process run = ashlar.start("backup", "now").redirectErrorStream(true).redirectOutput(folder.resolve("said").toFile()).start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Ashlar.PATIENCE_SECONDS);
        while (files(data) == before) {
            assertTrue(run.isAlive() && System.nanoTime() < end, "the run is in the middle: " + Files.readString(folder.resolve("said")));
            Thread.sleep(20);
        }
        return run;
    }

    private static long files(Path root) throws Exception {
        if (!Files.exists(root)) {
            return 0;
        }
        try (Stream<Path> all = Files.find(root, Integer.MAX_VALUE, (path, attributes) -> attributes.isRegularFile())) {
            return all.count();
        }
    }

    private String ended(Process run, int status) throws Exception {
        assertTrue(run.waitFor(Ashlar.PATIENCE_SECONDS, TimeUnit.SECONDS), "the run ends");
        String said = Files.readString(folder.resolve("said"));
        assertEquals(status, run.exitValue(), said);
        return said;
    }

    /** On an empty machine, with its file, from {@code place}. */
    private void assertComesBack(String place, Path treasure, List<String> asked) throws Exception {
        Path home = folder.resolve("back");
        try (Ashlar restored = new Ashlar(folder, home)) {
            restored.ok(with(List.of("restore", "--from", place), asked.toArray(String[]::new)));
        }
        assertEquals(-1, Files.mismatch(folder.resolve("home/identity/node"), home.resolve("identity/node")));
        try (Stream<Path> all = Files.find(home, Integer.MAX_VALUE, (path, attributes) -> path.endsWith("treasure"))) {
            assertEquals(-1, Files.mismatch(treasure, all.findFirst().orElseThrow()));
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
