package org.ashlar.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One node keeps the backups of another. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class NodeTargetIT {
    @TempDir
    Path folder;

    @Test
    void aNodeIsBackedUpOnAnotherThatAllowsItAndItsFolderBringsItBack() throws Exception {
        assumeTrue(Boolean.getBoolean("ashlar.all"), "two nodes, one of them started twice, only with \"./ashlar test --all\"");
        Path password = Files.writeString(folder.resolve("password"), "correct horse battery staple");
        try (Ashlar anna = new Ashlar(Files.createDirectory(folder.resolve("anna"))); Ashlar bert = new Ashlar(Files.createDirectory(folder.resolve("bert")))) {
            bert.up("bert.os");
            bert.ok("down");
            Files.writeString(bert.home().resolve("config/backup-store.json"), """
                    {"org.ashlar.backup.node.Store": {"allow": ["anna.os 1G"]}}
                    """);
            bert.up("bert.os");
            anna.up("anna.os");
            anna.ok("peer", "add", bert.ok("card").strip());
            bert.ok("peer", "add", anna.ok("card").strip());
            String stranger = bert.run("backup", "add", "node:anna.os", "--password-file", password.toString()).refused(1).err();
            assertTrue(stranger.contains("keeps no backups for bert.os"), stranger);

            Path large = Files.write(folder.resolve("large"), random(5 << 20));
            anna.ok("put", large.toString(), "/notes:itest/drive/large");
            anna.ok("backup", "add", "node:bert.os", "--password-file", password.toString());
            assertTrue(anna.ok("backup", "now").contains("complete on 1 of 1 target"));
            assertTrue(anna.ok("backup", "verify", "--all").startsWith("in order: "));

            // A node that goes is left behind, and told of.
            bert.ok("down");
            anna.run("backup", "now").refused(1);
            bert.up("bert.os");
            // One that could not be reached is tried again after a while.
            Ashlar.Result again = anna.run("backup", "now");
            for (int i = 0; i < 60 && again.status() != 0; i++) {
                Thread.sleep(1000);
                again = anna.run("backup", "now");
            }
            assertTrue(again.out().contains("complete on 1 of 1 target"), again.toString());

            Path home = folder.resolve("back");
            try (Ashlar restored = new Ashlar(folder, home)) {
                String asked = restored.run("restore", "--from", "node:bert.os", "--password-file", password.toString()).refused(1).err();
                assertTrue(asked.contains("stored/"), asked);
                restored.ok("restore", "--from", bert.home().resolve("stored/anna.os").toString(), "--password-file", password.toString());
            }
            assertEquals(-1, Files.mismatch(anna.home().resolve("identity/node"), home.resolve("identity/node")));
            assertEquals(-1, Files.mismatch(large, home.resolve("vfs/notes:itest/drive/large")));
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new java.util.Random(3).nextBytes(bytes);
        return bytes;
    }
}
