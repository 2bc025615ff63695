package org.ashlar.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of drives over the real command, on a node with a heap smaller than the largest of them. */
class FilesIT {
    private static final String DRIVE = "/files:itest/drive";
    private static final int HEAP_MIB = 192;
    private static final long LARGE = 300_000_000;

    @TempDir
    static Path folder;
    private static Ashlar ashlar;

    @BeforeAll
    static void aNodeWithASmallHeapRuns() throws Exception {
        ashlar = new Ashlar(folder);
        ProcessBuilder up = ashlar.start("up", "--detach", "--name", "itest");
        up.environment().put("JDK_JAVA_OPTIONS", "-Xmx" + HEAP_MIB + "m");
        Process process = up.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    @AfterAll
    static void stop() throws Exception {
        ashlar.close();
    }

    @Test
    void aLargeFileGoesInAndOutPieceByPiece() throws Exception {
        Path large = folder.resolve("large");
        byte[] piece = new byte[1_000_000];
        new Random(7).nextBytes(piece);
        try (OutputStream out = Files.newOutputStream(large)) {
            for (long written = 0; written < LARGE; written += piece.length) {
                piece[(int) (written / piece.length)]++;
                out.write(piece);
            }
        }
        ashlar.ok("put", large.toString(), DRIVE + "/deep/large");
        ashlar.ok("get", DRIVE + "/deep/large", "back");
        assertEquals(-1, Files.mismatch(large, folder.resolve("back")));
        Files.delete(large);
        Files.delete(folder.resolve("back"));
        ashlar.ok("rm", "-r", DRIVE + "/deep");
        assertTrue(ashlar.status().get("ready").booleanValue());
    }

    @Test
    void whatIsPutIsListedShownReplacedAndRemoved() throws Exception {
        Path local = Files.writeString(folder.resolve("note"), "first");
        ashlar.ok("put", local.toString(), DRIVE + "/notes/");
        assertEquals("first", ashlar.ok("cat", DRIVE + "/notes/note"));
        byte[] bytes = {0, 27, -1, 10};
        Files.write(local, bytes);
        ashlar.ok("put", "note", DRIVE + "/notes");
        ashlar.ok("get", DRIVE + "/notes/note", folder.resolve("same").toString());
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("same")));

        assertTrue(ashlar.ok("ls").contains("files:itest/"));
        assertTrue(ashlar.ok("ls", "/files:itest").contains("drive/"));
        assertTrue(ashlar.ok("ls", DRIVE + "/notes").lines().anyMatch(line -> line.strip().equals("4 B  file  note")));
        JsonNode listed = new ObjectMapper().readTree(ashlar.ok("ls", DRIVE + "/notes", "--json"));
        assertEquals("[{\"path\":\"" + DRIVE + "/notes/note\",\"type\":\"file\",\"bytes\":4}]", listed.toString());

        assertTrue(ashlar.run("rm", DRIVE + "/notes").refused(1).err().contains("rm -r"));
        ashlar.ok("rm", DRIVE + "/notes/note");
        assertEquals("[]\n", ashlar.ok("ls", DRIVE + "/notes", "--json"));
    }

    @Test
    void dfTellsHowFullADriveIs() throws Exception {
        Path local = Files.write(folder.resolve("bytes"), new byte[1500]);
        ashlar.ok("put", local.toString(), "/files:itest/measured/file");
        JsonNode drives = new ObjectMapper().readTree(ashlar.ok("df", "--json"));
        JsonNode drive = StreamSupport.stream(drives.spliterator(), false)
                .filter(each -> each.get("drive").textValue().equals("/files:itest/measured")).findFirst().orElseThrow();
        assertEquals(1500, drive.get("bytes").longValue());
        assertEquals(1, drive.get("entries").longValue());
        assertTrue(drive.get("max_bytes").longValue() > 1500 && drive.get("disk_free").longValue() > 0);
        String table = ashlar.ok("df");
        assertTrue(table.contains("1.5 KiB") && table.contains("/files:itest/measured"), table);
    }

    @Test
    void whatCannotBeDoneIsOneLine() throws Exception {
        assertTrue(ashlar.run("cat", DRIVE + "/none").refused(1).err().contains("no such file"));
        assertTrue(ashlar.run("get", DRIVE + "/none", "there").refused(1).err().contains("no such file"));
        ashlar.run("cat", "nonsense").refused(1);
        ashlar.run("rm", DRIVE + "/none").refused(1);
        ashlar.run("put", "not-here", DRIVE + "/x").refused(1);
        ashlar.run("put", ".", DRIVE + "/x").refused(1);
        Path local = Files.writeString(folder.resolve("other"), "x");
        ashlar.run("put", local.toString(), "/files:itest").refused(2);
        ashlar.run("get", DRIVE + "/none", "no-such-folder/there").refused(1);
        assertEquals(List.of(), Files.list(folder).filter(path -> path.getFileName().toString().startsWith(".part")).toList());
    }
}
