package org.ashlar.maven.teavm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.dylibso.chicory.runtime.TrapException;
import java.io.File;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.ashlar.maven.component.ComponentEncoder;
import org.ashlar.maven.component.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guests compiled by TeaVM and run on an engine. */
class GuestCompilerTest {

    private static final String OUR = "a.os@guest:test:ashlar.os";
    private static final int MESSAGES = 20_000;
    private static final byte[] STOP = {};
    private static final Map<String, byte[]> COMPILED = new HashMap<>();

    @TempDir
    Path work;

    /** With a heap of 1 MiB these messages make the collector run some hundred times. */
    @Test
    void noMessageIsLostOrDamagedWhileTheCollectorMovesObjects() throws CompilationException {
        Random random = new Random(42);
        byte[][] sent = new byte[1][];
        int[] counts = new int[2];
        GuestInstance echo = new GuestInstance(compile("EchoGuest"), () -> {
            sent[0] = counts[0]++ < MESSAGES ? randomBytes(random) : STOP;
            return sent[0];
        }, response -> {
            counts[1]++;
            assertArrayEquals(sent[0], response);
        });

        echo.run(OUR);

        assertEquals(MESSAGES, counts[1]);
    }

    /** Sizes of all remainders by 8, since TeaVM's own heap could not grow for half of them. */
    @Test
    void messagesLargerThanHeapAndArenaComeThrough() throws CompilationException {
        Random random = new Random(7);
        byte[][] sent = new byte[1][];
        int[] counts = new int[2];
        GuestInstance echo = new GuestInstance(compile("EchoGuest"), () -> {
            sent[0] = counts[0] < 8 ? new byte[2_000_000 * (counts[0] + 1) + counts[0]] : STOP;
            counts[0]++;
            random.nextBytes(sent[0]);
            return sent[0];
        }, response -> {
            counts[1]++;
            assertArrayEquals(sent[0], response);
        });

        echo.run(OUR);

        assertEquals(8, counts[1]);
    }

    @Test
    void theConsoleIsTheTerminalAndAFailureIsPrintedBeforeTheTrap() throws CompilationException {
        GuestInstance talkative = new GuestInstance(compile("TalkativeGuest"), () -> new byte[0], response -> { });

        assertThrows(TrapException.class, () -> talkative.run(OUR));

        List<String> printed = talkative.printed();
        assertEquals(List.of("Grüße von " + OUR, "two", "lines", "time 1700000000123", "chance",
                "java.lang.IllegalStateException: enough"), printed.subList(0, 6));
        assertTrue(printed.get(6).startsWith("    at org.ashlar.maven.guest.TalkativeGuest.main, line "), printed.get(6));
        assertEquals(7, printed.size());
    }

    @Test
    void aGuestThatNeedsMoreThanItsHeapFailsAndSaysSo() throws CompilationException {
        GuestInstance hungry = new GuestInstance(compile("HungryGuest"), () -> new byte[0], response -> { });

        assertThrows(TrapException.class, () -> hungry.run(OUR));

        assertTrue(hungry.printed().stream().anyMatch(line -> line.contains("out of memory")), hungry.printed()::toString);
    }

    @Test
    void aGuestThatWantsFilesIsRefusedWithAHint() throws CompilationException {
        byte[] core = compile("FileGuest");

        var refusal = assertThrows(IllegalArgumentException.class, () -> ComponentEncoder.encode(core, World.KINODE));

        assertTrue(refusal.getMessage().contains("ask the processes vfs and timer"), refusal.getMessage());
    }

    @Test
    void aMissingClassIsNamed() {
        var failure = assertThrows(CompilationException.class, () -> compile("NoSuchGuest"));

        assertTrue(failure.getMessage().contains("NoSuchGuest"), failure.getMessage());
    }

    /** Compiles a guest once for all tests. */
    private byte[] compile(String guest) throws CompilationException {
        if (!COMPILED.containsKey(guest)) {
            String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            List<File> classPath = Stream.of(path.split(File.pathSeparator)).map(File::new).toList();
            COMPILED.put(guest,
                    new GuestCompiler(classPath, work, 1, 64).compile("org.ashlar.maven.guest." + guest));
        }
        return COMPILED.get(guest);
    }

    private static byte[] randomBytes(Random random) {
        byte[] bytes = new byte[1 + random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }
}
