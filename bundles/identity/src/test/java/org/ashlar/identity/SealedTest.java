package org.ashlar.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys sealed with a password, at the real cost where a file is written, at a low one where many are. */
class SealedTest {
    private static final char[] PASSWORD = "correct horse".toCharArray();
    private static final char[] NONE = {};

    @TempDir
    Path home;

    private static Sealed cheap(NodeKey key) {
        PasswordHash hash = PasswordHash.fresh(64, 1);
        return Sealed.seal(key, hash, hash.keyOf(PASSWORD));
    }

    private Path file() {
        return home.resolve("identity/node");
    }

    private NodeIdentity start(Optional<byte[]> fileKey) {
        return new NodeIdentity(Optional.of(home.toString()), Optional.empty(), fileKey);
    }

    @Test
    void aNodeStartsWithThePasswordAloneAndItsSeedIsInNoFile() throws Exception {
        String phrase = OfflineKey.create(home, "alice.os", PASSWORD);
        NodeIdentity identity = start(Optional.of(OfflineKey.unlock(home, PASSWORD)));
        assertEquals("alice.os", identity.name());
        assertTrue(identity.keyEncrypted());
        byte[] seed = Phrase.seed(phrase);
        assertArrayEquals(new NodeKey("alice.os", seed).publicKey(), identity.publicKey());
        String text = Files.readString(file());
        assertFalse(text.contains(HexFormat.of().formatHex(seed)), text);
        assertTrue(text.contains("argon2id memory=65536 passes=3 lanes=1 salt="), text);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
        IdentityException none = assertThrows(IdentityException.class, () -> start(Optional.empty()));
        assertTrue(none.getMessage().contains("ashlar up"), none.getMessage());
        IdentityException wrong = assertThrows(IdentityException.class, () -> OfflineKey.unlock(home, "correct Horse".toCharArray()));
        assertTrue(wrong.getMessage().contains("not the password"), wrong.getMessage());
        assertEquals(text, Files.readString(file()));
    }

    @Test
    void thePasswordIsAddedChangedAndRemovedAndTheKeyStaysTheSame() throws Exception {
        byte[] key = new NodeIdentity(Optional.of(home.toString()), Optional.of("alice.os"), Optional.empty()).publicKey();
        OfflineKey.changePassword(home, NONE, PASSWORD);
        assertTrue(Files.readString(file()).startsWith("ashlar-identity 2\nname alice.os\nkey " + HexFormat.of().formatHex(key) + "\n"));
        OfflineKey.changePassword(home, PASSWORD, "another".toCharArray());
        assertThrows(IdentityException.class, () -> OfflineKey.changePassword(home, PASSWORD, NONE));
        assertArrayEquals(key, start(Optional.of(OfflineKey.unlock(home, "another".toCharArray()))).publicKey());
        OfflineKey.changePassword(home, "another".toCharArray(), NONE);
        NodeIdentity plain = start(Optional.empty());
        assertArrayEquals(key, plain.publicKey());
        assertFalse(plain.keyEncrypted());
        assertThrows(IdentityException.class, () -> OfflineKey.unlock(home, PASSWORD));
    }

    @Test
    void aRotationKeepsTheOldKeyUnderThePasswordAndCanBeTakenBack() throws Exception {
        byte[] first = new NodeIdentity(Optional.of(home.toString()), Optional.of("alice.os"), Optional.empty()).publicKey();
        assertThrows(IdentityException.class, () -> OfflineKey.rotateBack(home, NONE));
        List<String> prints = OfflineKey.rotate(home, NONE);
        byte[] second = start(Optional.empty()).publicKey();
        assertEquals(HexFormat.of().formatHex(first, 0, 16), prints.get(0).replace(" ", ""));
        assertEquals(HexFormat.of().formatHex(second, 0, 16), prints.get(1).replace(" ", ""));
        OfflineKey.changePassword(home, NONE, PASSWORD);
        assertTrue(Files.readString(home.resolve("identity/node.before")).startsWith("ashlar-identity 2\n"), "the old key is not left in clear");
        assertThrows(IdentityException.class, () -> OfflineKey.rotateBack(home, NONE));
        assertEquals(prints.reversed(), OfflineKey.rotateBack(home, PASSWORD));
        assertArrayEquals(first, start(Optional.of(OfflineKey.unlock(home, PASSWORD))).publicKey());
        assertEquals(prints, OfflineKey.rotateBack(home, PASSWORD));
    }

    @Test
    void everyDamagedByteIsNoticed() throws Exception {
        NodeKey key = NodeKey.generate("alice.os");
        Sealed sealed = cheap(key);
        byte[] whole = sealed.bytes();
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 1;
            assertThrows(KeyfileException.class, () -> Keyfile.parse(damaged), "byte " + i);
        }
        Sealed read = (Sealed) Keyfile.parse(whole);
        assertArrayEquals(key.seed(), read.open(read.hash().keyOf(PASSWORD)).seed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"name alice.os/name mallory.os", "memory=64/memory=65", "passes=1/passes=2", "key"})
    void whatIsReadWithoutThePasswordIsAuthenticatedToo(String change) throws Exception {
        Sealed sealed = cheap(NodeKey.generate("alice.os"));
        String lines = String.join("\n", sealed.lines()) + "\n";
        if (change.equals("key")) {
            lines = lines.replace("\nkey ", "\nkey " + (sealed.publicKey()[0] == 0 ? "01" : "00")).replaceFirst("(key ..)..", "$1");
        } else {
            lines = lines.replace(change.split("/")[0], change.split("/")[1]);
        }
        byte[] forged = (lines + "check " + HexFormat.of().formatHex(Keyfile.sha256(lines.getBytes(UTF_8))) + "\n").getBytes(UTF_8);
        Sealed read = (Sealed) Keyfile.parse(forged);
        byte[] fileKey = read.hash().keyOf(PASSWORD);
        assertThrows(Sealed.WrongPasswordException.class, () -> read.open(fileKey));
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory=131073", "memory=999999", "memory=7", "memory=0", "passes=17", "passes=99", "lanes=5"})
    void aFileThatAsksForTooMuchIsRefusedBeforeAnythingIsComputed(String cost) throws Exception {
        String word = cost.substring(0, cost.indexOf('=') + 1);
        String lines = String.join("\n", cheap(NodeKey.generate("alice.os")).lines()).replaceAll(word + "[0-9]+", cost) + "\n";
        byte[] forged = (lines + "check " + HexFormat.of().formatHex(Keyfile.sha256(lines.getBytes(UTF_8))) + "\n").getBytes(UTF_8);
        assertThrows(KeyfileException.class, () -> Keyfile.parse(forged));
    }

    @Test
    void argon2idIsThatOfTheRfc() {
        // RFC 9106, 5.3, has a secret and associated data; this is from the reference program's own tests: 2 passes, 64 MiB, one lane.
        assertEquals("09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7", HexFormat.of().formatHex(
                PasswordHash.argon2id("password".getBytes(UTF_8), "somesalt".getBytes(UTF_8), 65_536, 2, 1, 32)));
    }

    @Test
    void aLetterIsTheSameHoweverItIsComposed() {
        PasswordHash hash = PasswordHash.fresh(64, 1);
        assertArrayEquals(hash.keyOf("\u00e9".toCharArray()), hash.keyOf("e\u0301".toCharArray()));
    }

    @Test
    void aHomeWithAKeyIsNotGivenAnother() throws Exception {
        OfflineKey.create(home, "alice.os", NONE);
        byte[] before = Files.readAllBytes(file());
        assertThrows(IdentityException.class, () -> OfflineKey.create(home, "bob.os", NONE));
        assertArrayEquals(before, Files.readAllBytes(file()));
    }
}
