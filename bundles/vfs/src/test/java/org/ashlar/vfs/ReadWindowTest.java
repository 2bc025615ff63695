package org.ashlar.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.ashlar.vfs.VfsRig.DRIVE;
import static org.ashlar.vfs.VfsRig.OWN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.codec.VfsAction;
import org.ashlar.codec.VfsAction.Origin;
import org.ashlar.codec.VfsResponse;
import org.ashlar.senders.Departures;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much is read ahead: more for who goes on, within bounds; and it is the file all the same. */
class ReadWindowTest {
    private static final String FILE = DRIVE + "/file";
    private static final String OTHER = "second:chat:alice.os";
    private static final int PIECE = 16 << 10;
    private static final int LENGTH = 6 * Ahead.MOST;

    private final byte[] content = new byte[LENGTH];
    @TempDir
    Path home;
    private VfsRig vfs;

    @BeforeEach
    void aLargeFile() throws Exception {
        vfs = new VfsRig(home);
        new Random(1).nextBytes(content);
        vfs.ask(OTHER, FILE, new VfsAction.Write(), Optional.of(content));
        vfs.ask(FILE, new VfsAction.OpenFile(false));
    }

    @AfterEach
    void close() {
        vfs.close();
    }

    private void read(int at) throws Exception {
        byte[] piece = vfs.ask(OWN, FILE, new VfsAction.ReadExact(PIECE), Optional.empty()).blob().orElseThrow().bytes();
        assertArrayEquals(Arrays.copyOfRange(content, at, at + PIECE), piece, "from " + at);
    }

    private int window() throws Exception {
        Handle handle = vfs.process().handles().find(ProcessId.parse(OWN), DrivePath.parse(FILE)).orElseThrow();
        return handle.with(file -> handle.ahead().map(ahead -> ahead.bytes().length).orElse(0));
    }

    private void seek(long offset) {
        assertEquals(new VfsResponse.SeekFrom(offset), vfs.ask(FILE, new VfsAction.Seek(new Origin.Start(offset))));
    }

    /** Reads one window after the other. A machine that is held up between two reads begins anew, and so does this. */
    private int growTo(int size) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        int at = 0;
        for (read(at); window() < size; read(at)) {
            assertTrue(System.nanoTime() < end, "it never grew beyond " + window());
            at += PIECE;
            if (at + PIECE > LENGTH / 2) {
                seek(0);
                at = 0;
            }
        }
        return at + PIECE;
    }

    @Test
    void itGrowsUpToABoundAndWhatIsReadIsTheFile() throws Exception {
        read(0);
        assertTrue(window() <= Ahead.SIZE);
        seek(0);
        for (int at = growTo(Ahead.MOST); at + PIECE <= LENGTH; at += PIECE) {
            read(at);
            assertTrue(window() <= Ahead.MOST);
        }
        assertInstanceOf(VfsResponse.IoError.class, vfs.ask(FILE, new VfsAction.ReadExact(1)));
    }

    @Test
    void whoJumpsBeginsAnewAndTheRoomIsFreeAgain() throws Exception {
        growTo(4 * Ahead.SIZE);
        seek(LENGTH - 8 * PIECE);
        read(LENGTH - 8 * PIECE);
        assertTrue(window() <= Ahead.SIZE);
        assertEquals(ReadBudget.AHEAD, vfs.process().budget().left());
    }

    @Test
    void theRoomIsFreeAgainWhenTheFileIsClosed() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        do { // what is older than a tenth of a second is dropped once a second
            assertTrue(System.nanoTime() < end, "it takes no room");
            growTo(2 * Ahead.SIZE);
        } while (vfs.process().budget().left() == ReadBudget.AHEAD);
        vfs.ask(FILE, new VfsAction.CloseFile());
        assertEquals(ReadBudget.AHEAD, vfs.process().budget().left());
    }

    @Test
    void whatDoesNotCountAnyMoreIsDropped() throws Exception {
        growTo(2 * Ahead.SIZE);
        vfs.ask(OTHER, DRIVE + "/another", new VfsAction.Write(), Optional.of(new byte[1]));
        vfs.process().handles().closeEnded(Departures.ended(vfs.kernel()));
        assertEquals(0, window());
        assertEquals(ReadBudget.AHEAD, vfs.process().budget().left());
    }

    @Test
    void withoutRoomItStaysSmall() throws Exception {
        ReadBudget budget = vfs.process().budget();
        try (ReadBudget.Share all = budget.more(ReadBudget.AHEAD).orElseThrow()) {
            for (int at = 0; at < LENGTH / 2; at += PIECE) {
                read(at);
                assertTrue(window() <= Ahead.SIZE);
            }
        }
        assertEquals(ReadBudget.AHEAD, budget.left());
    }

    @Test
    void aWriteOfAnotherProcessIsSeenInALargeWindow() throws Exception {
        int at = growTo(4 * Ahead.SIZE);
        vfs.as(OTHER, FILE, new VfsAction.OpenFile(false));
        vfs.as(OTHER, FILE, new VfsAction.Seek(new Origin.Start(at + 3)));
        vfs.ask(OTHER, FILE, new VfsAction.WriteAll(), Optional.of("changed".getBytes(UTF_8)));
        System.arraycopy("changed".getBytes(UTF_8), 0, content, at + 3, 7);
        read(at);
        assertTrue(window() <= Ahead.SIZE);
    }
}
