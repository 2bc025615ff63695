package org.ashlar.wasi;

import static org.ashlar.wasi.GuestFiles.CREATE;
import static org.ashlar.wasi.GuestFiles.READ;
import static org.ashlar.wasi.GuestFiles.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.ashlar.api.process.GuestTrap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams over bytes, sinks and files. */
class StreamsTest {
    @TempDir
    private Path folder;

    @Test
    void standard_input_ends_after_what_it_holds() throws Exception {
        GuestInput input = new GuestInput.OfBytes(bytes("abc"));
        assertEquals(0, input.read(0).length);
        assertArrayEquals(bytes("ab"), input.read(2));
        assertArrayEquals(bytes("c"), input.read(-1));
        assertThrows(StreamClosed.class, () -> input.read(1));
        assertThrows(StreamClosed.class, () -> input.read(0));
    }

    @Test
    void a_stream_of_a_file_outlives_its_descriptor_and_reads_to_the_end() throws Exception {
        Files.writeString(folder.resolve("file"), "0123456789");
        try (GuestFiles guest = new GuestFiles(folder)) {
            FileDescriptor file = guest.file("file", 0, READ);
            GuestInput.OfFile input = new GuestInput.OfFile(file.readable(), 4, guest.wasi.blocking());
            guest.act(file::release);
            assertArrayEquals(bytes("4567"), input.read(4));
            assertArrayEquals(bytes("89"), input.read(100));
            assertThrows(StreamClosed.class, () -> input.read(1));
            assertEquals(1, guest.wasi.openFiles().size());
            guest.act(input::release);
            assertEquals(0, guest.wasi.openFiles().size());
        }
    }

    @Test
    void writes_go_where_the_stream_is_and_appends_to_the_end() throws Exception {
        try (GuestFiles guest = new GuestFiles(folder)) {
            FileDescriptor file = guest.file("file", CREATE, READ | WRITE);
            GuestOutput at = GuestOutput.ToFile.at(file.writable(), 2, guest.wasi.blocking());
            GuestOutput end = GuestOutput.ToFile.atEnd(file.writable(), guest.wasi.blocking());
            at.blockingWrite(bytes("ab"));
            end.blockingWrite(bytes("END"));
            at.blockingWrite(bytes("cd"));
            end.blockingWriteZeroes(1);
            assertEquals("\0\0abcdD\0", Files.readString(folder.resolve("file")));
        }
    }

    @Test
    void a_write_that_fails_closes_the_stream() throws Exception {
        try (GuestFiles guest = new GuestFiles(Drive.of(folder, 10, 5))) {
            FileDescriptor file = guest.file("file", CREATE, WRITE);
            GuestOutput output = GuestOutput.ToFile.at(file.writable(), 0, guest.wasi.blocking());
            output.blockingWrite(new byte[10]);
            FileError error = assertThrows(FileError.class, () -> output.blockingWrite(new byte[1]));
            assertEquals(ErrorCode.QUOTA, error.code());
            assertThrows(StreamClosed.class, output::checkWrite);
            assertThrows(StreamClosed.class, () -> output.blockingWrite(new byte[1]));
            assertThrows(StreamClosed.class, output::flush);
        }
    }

    @Test
    void a_write_needs_a_permit_and_uses_it_up() throws Exception {
        TailBuffer sink = new TailBuffer(100);
        GuestOutput output = new GuestOutput.ToSink(sink);
        assertThrows(GuestTrap.class, () -> output.write(new byte[1]));
        int permit = (int) output.checkWrite();
        output.write(new byte[permit - 1]);
        output.write(new byte[1]);
        assertThrows(GuestTrap.class, () -> output.write(new byte[1]));
        output.checkWrite();
        assertThrows(GuestTrap.class, () -> output.write(new byte[permit + 1]));
        assertThrows(GuestTrap.class, () -> output.writeZeroes(-1));
        output.writeZeroes(permit);
        assertThrows(GuestTrap.class, () -> output.blockingWrite(new byte[Limits.BLOCKING_WRITE + 1]));
    }

    @Test
    void a_splice_moves_what_is_there() throws Exception {
        TailBuffer sink = new TailBuffer(100);
        GuestOutput output = new GuestOutput.ToSink(sink);
        GuestInput input = new GuestInput.OfBytes(bytes("abcdef"));
        assertEquals(4, output.splice(input, 4));
        assertEquals(2, output.splice(input, -1));
        assertThrows(StreamClosed.class, () -> output.splice(input, 1));
        assertEquals("abcdef", sink.text());
    }

    @Test
    void any_amount_goes_to_standard_error_and_the_tail_is_kept() throws Exception {
        TailBuffer sink = new TailBuffer(TailBuffer.CRASH_REPORT);
        GuestOutput output = new GuestOutput.ToSink(sink);
        for (int i = 0; i < 10_000; i++) {
            output.blockingWrite(bytes("line " + i + "\n"));
        }
        assertEquals(5000, sink.bytes().length);
        assertTrue(sink.truncated());
        assertTrue(sink.text().endsWith("line 9998\nline 9999\n"));
    }

    @Test
    void a_tail_is_right_for_every_way_of_writing_it() {
        String text = "0123456789abcdefghij";
        for (int piece = 1; piece <= text.length(); piece++) {
            TailBuffer tail = new TailBuffer(7);
            for (int from = 0; from < text.length(); from += piece) {
                tail.write(bytes(text.substring(from, Math.min(text.length(), from + piece))));
                int written = Math.min(text.length(), from + piece);
                assertEquals(text.substring(Math.max(0, written - 7), written), tail.text(), "pieces of " + piece);
            }
        }
    }

    @Test
    void a_character_cut_off_by_the_tail_is_left_out_and_garbage_is_replaced() {
        TailBuffer tail = new TailBuffer(5);
        tail.write(bytes("€€"));
        assertEquals("€", tail.text());
        tail.write(new byte[] {(byte) 0xFF, 'a', 'b', 'c', 'd'});
        assertEquals("\uFFFDabcd", tail.text());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
