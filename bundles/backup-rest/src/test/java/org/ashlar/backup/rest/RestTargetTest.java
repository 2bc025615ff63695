package org.ashlar.backup.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.Credential;
import org.ashlar.api.backup.RefusedException;
import org.ashlar.tck.BackupTargetContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract over the protocol, and what is the protocol's own. */
class RestTargetTest extends BackupTargetContract {
    private final RestServer server;

    RestTargetTest() throws IOException {
        server = new RestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Override
    protected BackupTarget connect() throws Exception {
        return open(new RestTargetKind(), server.location(), Map.of(), Credential.NONE);
    }

    @Test
    void objectsLieWhereOtherProgramsLookForThem() throws Exception {
        try (BackupTarget target = connect()) {
            target.put("data/5f/5f0a", bytes("pack"));
            target.put("config", bytes("config"));
            target.put("keys/5f0a", bytes("key"));
            assertEquals(Set.of("config", "data/5f0a", "keys/5f0a"), server.objects.keySet());
            assertEquals(1, server.asked.stream().filter(asked -> asked.equals("POST ")).count(), "the repository is made once: " + server.asked);
            assertThrows(RefusedException.class, () -> target.put("data/5f/6f0a", bytes("elsewhere")));
        }
    }

    @Test
    void aServerThatOnlyLetsFilesBeAddedSaysSoAndLocksCanGo() throws Exception {
        server.appendOnly = true;
        try (BackupTarget target = connect()) {
            assertTrue(target.put("data/5f/5f0a", bytes("pack")));
            assertTrue(target.put("locks/5f0a", bytes("lock")));
            assertFalse(target.put("data/5f/5f0a", bytes("other")));
            RefusedException why = assertThrows(RefusedException.class, () -> target.delete("data/5f/5f0a"));
            assertTrue(why.getMessage().contains("only lets files be added"), why.getMessage());
            assertTrue(target.delete("locks/5f0a"));
            assertFalse(target.delete("data/5f/5f0b"));
        }
    }

    @Test
    void aListThatIsNoneIsAnError() throws Exception {
        try (BackupTarget target = connect()) {
            for (String list : List.of("{}", "[\"5f0a\"]", "[{\"name\":\"5f0a\"}]", "[{\"name\":\"5f0a\",\"size\":-1}]", "[{\"name\":\"5f0a\",\"size\":1}", "<html>",
                    "[{\"name\":\"" + "a".repeat(2000) + "\",\"size\":1}]", "[{\"name\":\"5f0a\",\"size\":1e99}]")) {
                server.list = list.getBytes(StandardCharsets.UTF_8);
                assertThrows(IOException.class, () -> target.list("keys", stored -> { }), list);
            }
            server.list = "[{\"name\":\"../5f0a\",\"size\":1},{\"name\":\"5f0a\",\"size\":2,\"more\":[{}]}]".getBytes(StandardCharsets.UTF_8);
            List<String> names = new ArrayList<>();
            target.list("keys", stored -> names.add(stored.name()));
            assertEquals(List.of("keys/5f0a"), names, "what is no name is passed over");
        }
    }

    @Test
    void aListThatIsTooLongIsLeft() {
        byte[] list = ("[" + "{\"name\":\"5f0a\",\"size\":1},".repeat(10_000)).getBytes(StandardCharsets.UTF_8);
        long[] seen = new long[1];
        IOException why = assertThrows(IOException.class, () -> RestListing.read(new ByteArrayInputStream(list), 100_000, (name, size) -> seen[0]++));
        assertTrue(why.getMessage().contains("too long") && seen[0] > 0, why.getMessage());
    }
}
