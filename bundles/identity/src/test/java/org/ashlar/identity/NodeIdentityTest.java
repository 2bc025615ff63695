package org.ashlar.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import org.ashlar.api.identity.Identity;
import org.ashlar.tck.IdentityContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeIdentityTest extends IdentityContract {
    @TempDir
    Path home;

    @Override
    protected Identity open() {
        return start(Optional.of("alice.os"));
    }

    private NodeIdentity start(Optional<String> name) {
        return new NodeIdentity(Optional.of(home.toString()), name, Optional.empty());
    }

    private Path file() {
        return home.resolve("identity/node");
    }

    @Test
    void theKeyIsItsOwnersAlone() throws Exception {
        open();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file().getParent())));
    }

    @Test
    void aKeyThatOthersCouldReadIsClosedAgain() throws Exception {
        open();
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
        open();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
    }

    @Test
    void theNameNeedNotBeSaidTwice() {
        byte[] key = open().publicKey();
        NodeIdentity again = start(Optional.empty());
        assertEquals("alice.os", again.name());
        assertArrayEquals(key, again.publicKey());
    }

    @Test
    void aHomeIsNotGivenToAnotherName() {
        open();
        IdentityException refusal = assertThrows(IdentityException.class, () -> start(Optional.of("bob.os")));
        assertTrue(refusal.getMessage().startsWith("This home belongs to the node \"alice.os\""), refusal.getMessage());
    }

    @Test
    void theFirstStartNeedsAName() {
        IdentityException refusal = assertThrows(IdentityException.class, () -> start(Optional.empty()));
        assertTrue(refusal.getMessage().contains("ashlar.name"), refusal.getMessage());
        assertFalse(Files.exists(file()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Alice", "a b", "a@b", "our"})
    void anImpossibleNameIsRefused(String name) {
        assertThrows(IdentityException.class, () -> start(Optional.of(name)));
        assertFalse(Files.exists(file()));
    }

    @Test
    void everyDamagedByteIsNoticedAndNothingIsReplaced() throws Exception {
        open();
        byte[] whole = Files.readAllBytes(file());
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 1;
            Files.write(file(), damaged);
            assertThrows(IdentityException.class, this::open, "byte " + i);
            assertArrayEquals(damaged, Files.readAllBytes(file()), "byte " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20, 60, 150})
    void aTruncatedFileIsNoticedAndSaysWhatToDo(int length) throws Exception {
        open();
        byte[] part = Arrays.copyOf(Files.readAllBytes(file()), length);
        Files.write(file(), part);
        IdentityException refusal = assertThrows(IdentityException.class, this::open);
        assertTrue(refusal.getMessage().contains("backup"), refusal.getMessage());
        assertArrayEquals(part, Files.readAllBytes(file()));
    }

    @Test
    void aNewerLayoutIsRefusedByItsVersion() throws Exception {
        open();
        Files.writeString(file(), Files.readString(file()).replace("ashlar-identity 1", "ashlar-identity 3"));
        IdentityException refusal = assertThrows(IdentityException.class, this::open);
        assertTrue(refusal.getMessage().contains("layout version 3"), refusal.getMessage());
    }

    @Test
    void aCrashDuringTheFirstStartLeavesNothingInTheWay() throws Exception {
        Files.createDirectories(file().getParent());
        Files.writeString(file().resolveSibling("node.new"), "half a fi");
        assertEquals("alice.os", open().name());
        assertFalse(Files.exists(file().resolveSibling("node.new")));
    }
}
