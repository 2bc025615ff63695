package org.ashlar.process;

import java.util.Arrays;
import org.teavm.interop.Address;
import org.teavm.interop.Import;
import org.teavm.interop.Unmanaged;

/**
 * What TeaVM's class library needs from below, in terms of the node instead of WASI preview 1: the console is
 * {@code print-to-terminal}, time and chance come from WASI 0.2. The Maven plugin redirects the methods of the same
 * name and type in TeaVM's {@code WasmSupport} to here.
 */
final class Platform {

    /** The arena's first kilobyte and a bit is never given out as blocks; {@code ArenaModule} in the plugin says so. */
    private static final int DATETIME = 16;
    private static final int LINE = 64;
    private static final int LINE_CAPACITY = 1024;

    /** Fill of the line that {@link #printString} collects; its bytes lie in the arena. */
    private static int lineCount;

    private Platform() {
    }

    static long currentTimeMillis() {
        now(DATETIME);
        Arena arena = new Arena();
        return arena.loadLong(DATETIME) * 1000 + arena.loadInt(DATETIME + 8) / 1_000_000;
    }

    /** The 53 bits that a double has room for. */
    static double random() {
        return (randomLong() >>> 11) * 0x1.0p-53;
    }

    static String[] getArgs() {
        return new String[0];
    }

    static void putCharsStdout(Address data, int count) {
        write(data, count);
    }

    static void putCharsStderr(Address data, int count) {
        write(data, count);
    }

    /**
     * Collects bytes until a line is whole. First they are copied to where the collector moves nothing, since
     * printing a line allocates.
     */
    private static void write(Address data, int count) {
        Arena arena = new Arena();
        int copy = arena.allocate(count);
        copy(data, copy, count);
        for (int i = 0; i < count; i++) {
            Line.append((byte) arena.loadByte(copy + i));
        }
    }

    /** The line that {@code System.out} and {@code System.err} collect. */
    private static final class Line {

        private static byte[] bytes = new byte[LINE_CAPACITY];
        private static int count;

        static void append(byte value) {
            if (value == '\n') {
                String text = Utf8.decode(Arrays.copyOf(bytes, count));
                count = 0;
                Process.print(text);
                return;
            }
            if (count == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * count);
            }
            bytes[count++] = value;
        }
    }

    @Unmanaged
    private static void copy(Address data, int target, int count) {
        for (int i = 0; i < count; i++) {
            Arena.store8(target + i, data.add(i).getByte());
        }
    }

    /** Called by the runtime where nothing may be allocated, so what is not ASCII becomes a question mark. */
    @Unmanaged
    static void printString(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            printChar(c < 128 ? c : '?');
        }
    }

    @Unmanaged
    static void printInt(int value) {
        if (value < 0) {
            printChar('-');
        }
        int divisor = 1_000_000_000;
        while (divisor > 1 && value / divisor == 0) {
            divisor /= 10;
        }
        for (; divisor > 0; divisor /= 10) {
            int digit = value / divisor % 10;
            printChar('0' + (digit < 0 ? -digit : digit));
        }
    }

    @Unmanaged
    static void printOutOfMemory() {
        printString("out of memory: the heap has reached its maximum (maxHeapMiB of the Maven plugin)\n");
    }

    @Unmanaged
    private static void printChar(int c) {
        if (c == '\n' || lineCount == LINE_CAPACITY) {
            HostFunctions.printToTerminal(0, LINE, lineCount);
            lineCount = 0;
        }
        if (c != '\n') {
            Arena.store8(LINE + lineCount++, c);
        }
    }

    @Unmanaged
    @Import(module = "wasi:clocks/wall-clock@0.2.0", name = "now")
    private static native void now(int result);

    @Unmanaged
    @Import(module = "wasi:random/random@0.2.0", name = "get-random-u64")
    private static native long randomLong();
}
