package org.ashlar.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.ashlar.api.net.PeerBook;
import org.ashlar.tck.PeerBookContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeersFileTest extends PeerBookContract {
    @TempDir
    Path home;

    @Override
    protected PeerBook open() throws IOException {
        return new PeersFile(home);
    }

    @Test
    void theFileIsTheOwnersAndReadsAsPeopleWouldWriteIt() throws Exception {
        PeerBook book = open();
        book.put(card("bob.os", 0));
        book.block("carol.os");
        Path file = home.resolve("identity/peers");
        assertEquals("bob.os ed25519:" + "0".repeat(64) + " tcp://192.0.2.0:10000 ws://[2001:db8::1]:9000 via:r.os\nblock carol.os\n",
                Files.readString(file));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void aLineThatIsNoCardIsPassedOver() throws Exception {
        Files.createDirectories(home.resolve("identity"));
        Files.writeString(home.resolve("identity/peers"), "nonsense\n\nblock our\nbob.os ed25519:" + "0".repeat(64) + "\n");
        assertEquals(List.of("bob.os"), open().list().stream().map(card -> card.name()).toList());
        assertEquals(List.of(), open().find("our"));
    }

    @Test
    void whatCannotBeWrittenChangesNothing() throws Exception {
        PeerBook book = open();
        book.put(card("bob.os", 1));
        Files.delete(home.resolve("identity/peers"));
        Files.delete(home.resolve("identity"));
        Files.writeString(home.resolve("identity"), "a file is in the way");
        assertThrows(IOException.class, () -> book.put(card("carol.os", 2)));
        assertEquals(List.of(card("bob.os", 1)), book.list());
    }
}
