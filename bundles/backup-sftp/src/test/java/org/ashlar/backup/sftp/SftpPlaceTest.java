package org.ashlar.backup.sftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ashlar.api.backup.BackupTarget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How people write where a target is. */
class SftpPlaceTest {
    private static final String KEY = "SHA256:" + "A".repeat(43);
    private static final String OTHER = "SHA256:" + "B".repeat(43);
    private static final Map<String, String> OPTIONS = Map.of("host-key", KEY);
    @TempDir
    Path folder;

    private SftpPlace place(String location) throws IOException {
        return SftpPlace.of(location, folder, OPTIONS);
    }

    @Test
    void aUrlNamesUserHostPortAndFolder() throws IOException {
        SftpPlace place = place("sftp://alice@nas.example:2222/srv/back%20ups/");
        assertEquals(List.of("alice", "nas.example", 2222, "/srv/back ups"), List.of(place.user(), place.host(), place.port(), place.folder()));
        assertEquals("sftp://alice@nas.example:2222/srv/back%20ups", place.location());
        assertEquals(22, place("sftp://alice@nas/x").port());
        assertEquals("::1", place("sftp://alice@[::1]/x").host());
        assertEquals(System.getProperty("user.name"), place("sftp://nas/x").user());
    }

    @Test
    void aPathThatBeginsWithATildeIsInTheUsersOwnFolder() throws IOException {
        assertEquals("ashlar", place("sftp://alice@nas/~/ashlar").folder());
        assertEquals(".", place("sftp://alice@nas/~/").folder());
        assertEquals("sftp://alice@nas/~/ashlar", place("sftp://alice@nas/~/ashlar").location());
    }

    @Test
    void whatItIsComesBackFromTheConfiguration() throws IOException {
        Path key = Files.writeString(folder.resolve("id"), "x");
        for (String location : List.of("sftp://alice@nas:2222/x", "sftp://alice@[::1]/~/x", "sftp://alice@nas/~")) {
            SftpPlace place = SftpPlace.of(location, folder, Map.of("host-key", KEY + "," + OTHER, "key-file", "id"));
            assertEquals(key, place.keyFile().orElseThrow());
            assertEquals(place, SftpPlace.of(place.configuration()));
            assertEquals(place, SftpPlace.of(place.location(), folder, Map.of("host-key", String.join(",", place.hostKeys()), "key-file", "id")));
        }
        assertEquals("sftp://alice@nas/x", place("sftp://alice@nas/x").configuration().get(BackupTarget.LOCATION));
    }

    @Test
    void aPasswordInTheUrlIsRefusedAndNotRepeated() {
        String why = assertThrows(IOException.class, () -> place("sftp://alice:secret@nas/x")).getMessage();
        assertTrue(why.contains("--credential-file"), why);
        assertFalse(why.contains("secret"), why);
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        for (String location : List.of("sftp://", "sftp:///x", "sftp://nas", "sftp://nas/", "sftp://@nas/x", "sftp://nas/x y", "sftp://nas/x?y",
                "sftp://nas/x#y", "sftp://na_s/x", "sftp://nas:70000000000/x")) {
            assertThrows(IOException.class, () -> place(location), location);
        }
        for (String key : List.of("MD5:00:11", "SHA256:short", "x", KEY + "A")) {
            assertThrows(IOException.class, () -> SftpPlace.of("sftp://nas/x", folder, Map.of("host-key", key)), key);
        }
        assertThrows(IOException.class, () -> SftpPlace.of("sftp://nas/x", folder, Map.of("key-file", "missing")));
    }
}
