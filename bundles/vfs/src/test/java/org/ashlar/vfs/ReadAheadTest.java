package org.ashlar.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.ashlar.vfs.VfsRig.DRIVE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.ashlar.codec.VfsAction;
import org.ashlar.codec.VfsAction.Origin;
import org.ashlar.codec.VfsResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small reads one after another show what the file has then, though they are read ahead. */
class ReadAheadTest {
    private static final String FILE = DRIVE + "/file";
    private static final String OTHER = "second:chat:alice.os";

    @TempDir
    Path home;
    private VfsRig vfs;

    @BeforeEach
    void aFileIsRead() throws Exception {
        vfs = new VfsRig(home);
        vfs.ask(FILE, new VfsAction.Write(), "aaaabbbbccccdddd");
        assertEquals("aaaa", four());
    }

    @AfterEach
    void close() {
        vfs.close();
    }

    private String four() throws Exception {
        return vfs.read(FILE, new VfsAction.ReadExact(4));
    }

    private void other(VfsAction action, String blob) {
        assertEquals(new VfsResponse.Done(), vfs.ask(OTHER, FILE, action, Optional.of(blob.getBytes(UTF_8))).body());
    }

    @Test
    void toTheEndAndNotBeyond() throws Exception {
        assertEquals("bbbb", four());
        assertEquals("cccc", four());
        assertEquals("dddd", four());
        assertInstanceOf(VfsResponse.IoError.class, vfs.ask(FILE, new VfsAction.ReadExact(1)));
        vfs.ask(FILE, new VfsAction.Seek(new Origin.Start(6)));
        assertEquals("bbcc", four());
    }

    /** In sizes that do and do not fit into what is read ahead. */
    @ParameterizedTest
    @ValueSource(ints = {1_000, 4_096, 20_000})
    void whatIsReadPieceByPieceIsTheFile(int size) throws Exception {
        byte[] content = new byte[300_000];
        new Random(size).nextBytes(content);
        vfs.ask(OTHER, FILE, new VfsAction.Write(), Optional.of(content));
        vfs.ask(FILE, new VfsAction.OpenFile(false));
        for (int at = 0; at + size <= content.length; at += size) {
            byte[] piece = vfs.ask(VfsRig.OWN, FILE, new VfsAction.ReadExact(size), Optional.empty()).blob().orElseThrow().bytes();
            assertArrayEquals(Arrays.copyOfRange(content, at, at + size), piece, "from " + at);
        }
        assertInstanceOf(VfsResponse.IoError.class, vfs.ask(FILE, new VfsAction.ReadExact(size)));
    }

    @Test
    void aWriteInPlaceIsSeenOnceItIsAnswered() throws Exception {
        other(new VfsAction.WriteAll(), "1111222233334444");
        assertEquals("2222", four());
        vfs.ask(FILE, new VfsAction.WriteAll(), "own!");
        vfs.ask(FILE, new VfsAction.Seek(new Origin.Start(8)));
        assertEquals("own!", four());
    }

    @Test
    void anotherFileOfTheNameIsSeen() throws Exception {
        other(new VfsAction.Write(), "1111222233334444");
        assertEquals("2222", four());
    }

    @Test
    void whatWasCutOffIsReadNoMore() {
        vfs.ask(FILE, new VfsAction.SetLen(6));
        assertInstanceOf(VfsResponse.IoError.class, vfs.ask(FILE, new VfsAction.ReadExact(4)));
        vfs.ask(FILE, new VfsAction.RemoveFile());
        assertInstanceOf(VfsResponse.IoError.class, vfs.ask(FILE, new VfsAction.ReadExact(1)));
    }

    @Test
    void whatGuestsDoInTheScratchDriveByThemselvesIsSeenAtOnce() throws Exception {
        String scratch = "/chat:alice.os/tmp/file";
        Files.createDirectories(vfs.host("/chat:alice.os/tmp"));
        Files.writeString(vfs.host(scratch), "aaaabbbb");
        assertEquals("aaaa", vfs.read(scratch, new VfsAction.ReadExact(4)));
        Files.writeString(vfs.host(scratch), "11112222");
        assertEquals("2222", vfs.read(scratch, new VfsAction.ReadExact(4)));
    }

    @Test
    void whatOthersDoInTheFolderIsSeenSoon() throws Exception {
        Files.writeString(vfs.host(FILE), "1111222233334444");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        for (String seen = ""; !seen.equals("2222"); seen = four()) {
            assertTrue(System.nanoTime() < end, "it is still " + seen);
            vfs.ask(FILE, new VfsAction.Seek(new Origin.Start(4)));
        }
    }

    @Test
    void whoMayNotReadIsRefused() {
        assertEquals(new VfsResponse.NoReadCap(), vfs.as(VfsRig.FOREIGN, FILE, new VfsAction.ReadExact(4)));
    }
}
