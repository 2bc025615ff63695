package org.ashlar.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.backup.BackupTarget;
import org.junit.jupiter.api.Test;

class HttpPlaceTest {
    private static final String FINGERPRINT = "AB:".repeat(31) + "CD";

    private static HttpPlace place(String location, Map<String, String> options) throws IOException {
        return HttpPlace.of(HttpPlace.configuration("rest", location, options));
    }

    @Test
    void aLocationNamesAFolderAndOptionsSayWhoAsksAndWhomToTrust() throws IOException {
        HttpPlace place = place("rest:https://nas.example:8000/alice/x", Map.of("user", "alice", "certificate", FINGERPRINT));
        assertEquals("https://nas.example:8000/alice/x/", place.base().toString());
        assertEquals(Optional.of("alice"), place.user());
        assertEquals(Optional.of("ab".repeat(31) + "cd"), place.fingerprint());
        assertEquals(List.of("Password of alice at nas.example:8000"), place.credential().stream().map(part -> part.question()).toList());
        assertEquals("https://nas.example/", place("REST:HTTPS://nas.example", Map.of()).base().toString());
        assertEquals(List.of(), place("rest:https://nas.example", Map.of()).credential());
        assertEquals("rest:https://nas.example/a/",
                HttpPlace.configuration("rest", "rest:https://nas.example/a", Map.of()).get(BackupTarget.LOCATION));
    }

    @Test
    void plainHttpIsForThisMachineUnlessItIsPermitted() throws IOException {
        for (String here : List.of("localhost:8000", "127.0.0.1", "127.8.8.8:1", "[::1]:8000")) {
            place("rest:http://" + here + "/x", Map.of());
        }
        for (String elsewhere : List.of("nas.example", "127.0.0.1.example", "10.0.0.1", "localhost.example", "[::2]")) {
            IOException refused = assertThrows(IOException.class, () -> place("rest:http://" + elsewhere + "/x", Map.of()), elsewhere);
            assertTrue(refused.getMessage().contains("--plain-http"), refused.getMessage());
            place("rest:http://" + elsewhere + "/x", Map.of("plain-http", ""));
        }
    }

    @Test
    void whatCannotBeMeantIsRefusedWithALine() {
        for (String location : List.of("rest:", "rest:https://", "rest:https:///x", "rest:ftp://a/b", "rest:a/b", "rest:https://a/b?c", "rest:https://a/b#c",
                "rest:https://a/../b", "rest:https://a//b", "rest:https://alice:secret@a/b", "rest:https://a/ b", "rest:https://a/" + "b".repeat(1000))) {
            IOException refused = assertThrows(IOException.class, () -> place(location, Map.of()), location);
            assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
            assertTrue(!refused.getMessage().contains("secret"), refused.getMessage());
        }
        assertThrows(IOException.class, () -> place("rest:https://a/b", Map.of("certificate", "ab")));
        assertThrows(IOException.class, () -> place("rest:https://a/b", Map.of("user", "a:b")));
    }
}
