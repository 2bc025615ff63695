package org.ashlar.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The node's key over the real command: encrypted, exported, imported, rotated. */
class KeyIT {
    private static final String PASSWORD = "battery staple";

    @TempDir
    Path folder;

    @Test
    void anEncryptedNodeStartsWithItsPasswordAloneWhichNobodySees() throws Exception {
        Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
        try (Ashlar ashlar = new Ashlar(folder)) {
            ashlar.up("itest", "--password-file", password.toString(), "--listen", "none");
            assertTrue(ashlar.status().get("key_encrypted").booleanValue());
            hidden(ashlar.pid());
            String card = ashlar.ok("card");
            assertFalse(card.contains("tcp://"), card);
            ashlar.ok("down");

            byte[] key = Files.readAllBytes(ashlar.home().resolve("identity/node"));
            assertTrue(ashlar.run("up", "--detach").refused(1).err().contains("--password-file FILE"));
            Path wrong = Files.writeString(folder.resolve("wrong"), "battery stable");
            assertTrue(ashlar.run("up", "--detach", "--password-file", wrong.toString()).refused(1).err().contains("not the password"));
            assertTrue(ashlar.run("up", "--detach", "--password-fd", "0").refused(1).err().contains("holds no password"));
            assertArrayEquals(key, Files.readAllBytes(ashlar.home().resolve("identity/node")));

            String rotated = ashlar.ok("key", "rotate", "--password-file", password.toString());
            String now = rotated.lines().filter(line -> line.startsWith("  now ")).findFirst().orElseThrow().substring(6).replace(" ", "");

            Ashlar.Result again = ashlar.runWith(environment -> environment.put("ASHLAR_KEY_PASSWORD", PASSWORD), "up", "--detach");
            assertEquals(0, again.status(), again.err());
            hidden(ashlar.pid());
            String fresh = ashlar.ok("card");
            assertTrue(fresh.contains("ed25519:" + now) && !fresh.contains("tcp://"), "another key, and still it listens nowhere: " + fresh);
            assertTrue(again.out().endsWith(fresh), again.out());
            assertTrue(ashlar.ok("swap", later().toString()).contains("99.0.0"));
            assertTrue(ashlar.status().get("key_encrypted").booleanValue(), "the successor opened the key without being told the password");
            assertEquals(fresh, ashlar.ok("card"));
            assertTrue(ashlar.run("key", "rotate", "--password-file", password.toString()).refused(1).err().contains("ashlar down"));
            assertTrue(ashlar.ok("card", "--qr").lines().allMatch(line -> line.matches("[ \u2580\u2584\u2588]+")));
        }
    }

    /** The bundle {@code identity} in a later version. */
    private Path later() throws Exception {
        try (Stream<Path> files = Files.walk(Ashlar.ROOT.resolve("features/target/node/repository/org/ashlar/identity"))) {
            Path own = files.filter(file -> file.toString().endsWith(".jar")).findFirst().orElseThrow();
            return TestBundle.variant(own, folder.resolve("identity.jar"), manifest -> manifest.putValue("Bundle-Version", "99.0.0"));
        }
    }

    private static void hidden(long pid) throws Exception {
        Path process = Path.of("/proc", String.valueOf(pid));
        assumeTrue(Files.exists(process), "needs /proc");
        for (String seen : new String[] {"cmdline", "environ"}) {
            assertFalse(Files.readString(process.resolve(seen), StandardCharsets.ISO_8859_1).contains(PASSWORD), seen);
        }
    }

    @Test
    void aKeyIsCarriedByItsPhraseGivenAPasswordAndRotated() throws Exception {
        assumeTrue(Boolean.getBoolean("ashlar.all"), "a dozen commands, only with \"./ashlar test --all\"");
        String phrase = "abandon ".repeat(23) + "art";
        Path password = Files.writeString(folder.resolve("password"), PASSWORD);
        try (Ashlar ashlar = new Ashlar(folder)) {
            assertTrue(ashlar.run("key", "export", "--phrase").refused(1).err().contains("ashlar up"));
            assertTrue(typed(ashlar, phrase.replace("art", "arx"), "key", "import", "--phrase", "--name", "alice.os").contains("Word 24, \"arx\""));
            String imported = typed(ashlar, phrase, "key", "import", "--phrase", "--name", "alice.os");
            assertTrue(imported.contains("the key of alice.os, 3b6a 27bc"), imported); // the public key of RFC 8032's all-zero seed
            assertEquals(phrase + "\n", ashlar.ok("key", "export", "--phrase"));
            ashlar.run("key", "import", "--phrase", "--name", "alice.os").refused(1);

            ashlar.ok("key", "password", "--new-password-file", password.toString());
            assertTrue(ashlar.run("key", "export", "--phrase").refused(1).err().contains("--password-file"));
            ashlar.ok("key", "export", "--reference", "keys", "--password-file", password.toString());
            String told = ashlar.ok("key", "rotate", "--password-file", password.toString());
            assertTrue(told.contains("before  3b6a 27bc") && told.contains("--replace"), told);
            assertNotEquals(phrase + "\n", ashlar.ok("key", "export", "--phrase", "--password-file", password.toString()));
            ashlar.ok("key", "rotate", "--back", "--password-file", password.toString());
            assertEquals(phrase + "\n", ashlar.ok("key", "export", "--phrase", "--password-file", password.toString()));
            ashlar.ok("key", "password", "--remove", "--password-file", password.toString());
            assertTrue(ashlar.run("key", "dance").refused(2).err().contains("password, rotate, export and import"));
        }
        try (Ashlar other = new Ashlar(folder, folder.resolve("other"))) {
            String told = other.ok("key", "import", folder.resolve("keys").toString(), "--password-file", password.toString());
            assertTrue(told.contains("the key of alice.os, 3b6a 27bc"), told);
            assertEquals(phrase + "\n", other.ok("key", "export", "--phrase", "--password-file", password.toString()));
        }
    }

    /** Runs a command with {@code input} from a pipe; all it says. */
    private static String typed(Ashlar ashlar, String input, String... words) throws Exception {
        Process process = ashlar.start(words).redirectErrorStream(true).start();
        try (OutputStream out = process.getOutputStream()) {
            out.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return said;
    }
}
