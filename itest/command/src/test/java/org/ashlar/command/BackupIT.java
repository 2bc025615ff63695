package org.ashlar.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a real node over the real command, and a node that comes back from them. */
class BackupIT {
    private static final String PASSWORD = "correct horse battery staple";

    @TempDir
    Path folder;
    private Path password;
    private Path one;
    private Path two;

    @BeforeEach
    void places() throws Exception {
        password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
        one = folder.resolve("one");
        two = folder.resolve("two");
    }

    private String backup(Ashlar ashlar, String... words) throws Exception {
        return ashlar.ok(with("backup", words));
    }

    private String[] with(String command, String... words) {
        List<String> all = new java.util.ArrayList<>(List.of(command));
        all.addAll(List.of(words));
        all.addAll(List.of("--password-file", password.toString()));
        return all.toArray(String[]::new);
    }

    private static String ask(Ashlar ashlar, String script) throws Exception {
        return ashlar.ok("m", "our@one:probe:itest", script, "-a", "9");
    }

    @Test
    void aNodeIsBackedUpOnTwoTargetsAndComesBackFromEitherWithStatePackagesAndProcesses() throws Exception {
        String snapshot;
        try (Ashlar ashlar = new Ashlar(folder)) {
            assertTrue(ashlar.up().contains("Nothing is backed up yet"));
            ashlar.startProbes(List.of("one"));
            ask(ashlar, "!set-state value=first;respond body=kept");
            String added = backup(ashlar, "add", one.toString());
            assertTrue(added.contains("added one") && added.contains("Write the password down"), added);
            backup(ashlar, "add", "two", "--name", "second");
            String now = backup(ashlar, "now");
            assertTrue(now.contains("complete on 2 of 2 targets"), now);
            assertTrue(ashlar.ok("backup", "status").startsWith("Safe on 2 of 2 targets"));

            // A disk is pulled out; the run goes on with the other, and nothing is written where the disk was.
            Path away = Files.move(one, folder.resolve("away"));
            ask(ashlar, "!set-state value=treasure;respond body=kept");
            now = backup(ashlar, "now");
            assertTrue(now.contains("complete on 1 of 2 targets") && now.contains("is the disk there?"), now);
            assertFalse(Files.exists(one.resolve("config")));
            assertTrue(ashlar.ok("backup", "status").startsWith("Safe on 1 of 2 targets"));
            if (Files.exists(one)) {
                deleteEmpty(one);
            }
            Files.move(away, one);
            now = backup(ashlar, "now");
            assertTrue(now.contains("complete on 2 of 2 targets"), now);
            assertTrue(ashlar.ok("backup", "verify", "--all").startsWith("in order: "));
            snapshot = ashlar.ok("backup", "snapshots").lines().toList().getLast().split(" ")[0];
            ashlar.ok("backup", "restore", snapshot, "identity", "--to", "files");
            assertTrue(Files.isRegularFile(folder.resolve("files/ashlar/identity/node")));
            assertTrue(ashlar.ok("backup", "ls", "latest").contains("store/"));
        }
        for (Path target : List.of(one, two)) {
            Path home = folder.resolve("restored-from-" + target.getFileName());
            try (Ashlar ashlar = new Ashlar(Files.createDirectory(folder.resolve("of-" + target.getFileName())), home)) {
                ashlar.ok(with("restore", "--from", target.toString()));
                assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home)));
                String told = ashlar.ok("up", "--detach");
                assertTrue(told.contains("itest is up") && told.contains("until their password is given"), told);
                assertTrue(ashlar.ok("packages").contains("probe:itest"));
                assertTrue(ashlar.ok("ps").contains("one:probe:itest"));
                String journal = ask(ashlar, "!get-state;report");
                assertTrue(journal.contains("state value=treasure"), journal);
                assertEquals(1, ashlar.run(with("restore", "--from", target.toString())).refused(1).err().lines().count());
            }
        }
    }

    private static void deleteEmpty(Path root) throws Exception {
        try (var paths = Files.walk(root)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void whatIsWrongIsSaidInOneLineAndChangesNothing() throws Exception {
        try (Ashlar ashlar = new Ashlar(folder)) {
            ashlar.up();
            assertTrue(ashlar.run("backup", "now").refused(1).err().contains("ashlar backup add"));
            assertTrue(ashlar.run("backup", "add", one.toString()).refused(1).err().contains("--password-file"));
            assertFalse(ashlar.ok("backup", "targets").contains(one.toString()), "a target that could not be used is not kept");
            assertTrue(ashlar.run(with("backup", "add", "/nowhere/at/all")).refused(1).err().contains("is the disk there?"));
            assertTrue(ashlar.run(with("backup", "add", "ftp://example.org/x")).refused(1).err().contains("nothing here knows"));
            assertTrue(ashlar.run("backup", "dance").refused(2).err().contains("help backup"));
            backup(ashlar, "add", one.toString());
            Files.writeString(password, "another password");
            try (Ashlar other = new Ashlar(Files.createDirectory(folder.resolve("other")))) {
                other.up();
                other.ok(with("backup", "add", two.toString()));
                String foreign = other.run(with("backup", "add", one.toString())).refused(1).err();
                assertTrue(foreign.contains("another repository") || foreign.contains("other backups than those of this node"), foreign);
                other.ok("down");
            }
            Path home = folder.resolve("new");
            try (Ashlar fresh = new Ashlar(folder, home)) {
                Ashlar.Result wrong = fresh.run(with("restore", "--from", one.toString()));
                assertTrue(wrong.status() == 1 && wrong.err().contains("opens none"), wrong.err());
                assertFalse(Files.exists(home));
            }
        }
    }

    @Test
    void aKeptPasswordIsReadableByItsOwnerAloneAndBackupsGoOnAfterARestart() throws Exception {
        try (Ashlar ashlar = new Ashlar(folder)) {
            ashlar.up();
            backup(ashlar, "add", one.toString(), "--keep-password");
            Path kept = ashlar.home().resolve("backup/password");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)));
            ashlar.ok("down");
            String again = ashlar.up();
            assertFalse(again.contains("password is not known"), again);
            assertTrue(ashlar.ok("backup", "now").contains("complete on 1 of 1 target"));
            assertFalse(ashlar.ok("backup", "ls", "latest").contains("backup/"), "the password is in no snapshot");

            // It follows when it is changed, and the old one opens nothing any more.
            Path fresh = Files.writeString(folder.resolve("fresh"), "another password\n");
            assertTrue(ashlar.run("backup", "password", "change", "--new-password-file", fresh.toString()).refused(1).err()
                    .contains("--password-file"));
            assertTrue(backup(ashlar, "password", "change", "--new-password-file", fresh.toString()).contains("changed the password"));
            assertEquals("another password", Files.readString(kept));
            assertEquals(1, ashlar.ok("backup", "password", "list").lines().skip(1).count());
            String key = ashlar.ok("backup", "password", "list").lines().toList().getLast().split(" ")[0];
            assertTrue(ashlar.run("backup", "password", "remove", key).refused(1).err().contains("is kept"));

            // A page for the day when this machine is gone, without a secret.
            ashlar.ok("backup", "sheet", "--to", "sheet.txt");
            String sheet = Files.readString(folder.resolve("sheet.txt"));
            assertTrue(sheet.contains("itest") && sheet.contains("ashlar restore --from " + one) && !sheet.contains("another password"), sheet);
            assertTrue(ashlar.run("backup", "sheet", "--to", "sheet.txt").refused(1).err().contains("is there already"));

            // A file comes back into the drive of the running node.
            ashlar.startProbes(List.of("one"));
            Path letter = Files.writeString(folder.resolve("letter"), "dear all");
            ashlar.ok("put", letter.toString(), "/probe:itest/files/letters/first");
            ashlar.ok("backup", "now");
            ashlar.ok("rm", "-r", "/probe:itest/files/letters");
            ashlar.ok("backup", "restore", "latest", "/probe:itest/files/letters", "--to", "/probe:itest/files/back");
            assertEquals("dear all", ashlar.ok("cat", "/probe:itest/files/back/letters/first"));
            ashlar.ok("backup", "restore", "latest", "/probe:itest/files/letters/first", "--to", "/probe:itest/files");
            assertEquals("dear all", ashlar.ok("cat", "/probe:itest/files/first"));
            assertTrue(ashlar.run("backup", "restore", "latest", "/probe:itest/files/none", "--to", "/probe:itest/files").refused(1).err()
                    .contains("nothing in the snapshot"));
        }
    }

    @Test
    void aStockResticChecksAndRestoresWhatTheNodeBackedUp() throws Exception {
        assumeTrue(Boolean.getBoolean("ashlar.all"), "beside restic only with \"./ashlar test --all\"");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/restic")), "restic is not installed; \"./ashlar test --all\" installs it");
        try (Ashlar ashlar = new Ashlar(folder)) {
            ashlar.up();
            ashlar.startProbes(List.of("one"));
            backup(ashlar, "add", one.toString());
            backup(ashlar, "now");
            assertTrue(restic("check", "--read-data").contains("no errors were found"));
            restic("restore", "latest", "--target", folder.resolve("back").toString());
            assertTrue(Files.mismatch(ashlar.home().resolve("identity/node"), folder.resolve("back/ashlar/identity/node")) < 0);
            assertTrue(Files.size(folder.resolve("back/ashlar/store/state.db")) > 0);
            restic("backup", folder.resolve("back").toString());
            assertTrue(ashlar.ok("backup", "verify", "--all").startsWith("in order: "));
        }
    }

    private String restic(String... words) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("restic", "-r", one.toString(), "--no-cache", "--password-file", password.toString()));
        command.addAll(List.of(words));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes());
            int status = process.waitFor();
            if (status == 0) {
                return said;
            }
            // The node may be reading its backups back by itself just now.
            assertTrue(said.contains("already locked") && System.nanoTime() < end, said);
            Thread.sleep(500);
        }
    }
}
