package org.ashlar.wasi;

import static org.ashlar.wasi.GuestFiles.CREATE;
import static org.ashlar.wasi.GuestFiles.DIRECTORY;
import static org.ashlar.wasi.GuestFiles.EXCLUSIVE;
import static org.ashlar.wasi.GuestFiles.READ;
import static org.ashlar.wasi.GuestFiles.TRUNCATE;
import static org.ashlar.wasi.GuestFiles.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.ashlar.component.Variant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and directories work as POSIX programs expect. */
class FilesTest {
    @TempDir
    private Path folder;
    private GuestFiles guest;

    @BeforeEach
    void open() {
        guest = new GuestFiles(folder);
    }

    @AfterEach
    void close() {
        guest.close();
    }

    @Test
    void what_a_guest_writes_the_host_reads_and_the_other_way_round() throws Exception {
        guest.write("file", "from the guest");
        assertEquals("from the guest", Files.readString(folder.resolve("file")));
        Files.writeString(folder.resolve("file"), "from the host");
        assertEquals("from the host", guest.read("file"));
    }

    @Test
    void a_write_beyond_the_end_fills_with_zeros() throws Exception {
        FileDescriptor file = guest.file("file", CREATE, READ | WRITE);
        assertEquals(2L, guest.run(() -> file.write(bytes("ab"), 3)));
        Object[] read = guest.run(() -> file.read(100, 1));
        assertArrayEquals(new byte[] {0, 0, 'a', 'b'}, (byte[]) read[0]);
        assertEquals(true, read[1]);
        assertEquals(false, guest.run(() -> file.read(2, 0))[1]);
        assertEquals(0, ((byte[]) guest.run(() -> file.read(2, 99))[0]).length);
    }

    @Test
    void a_read_gives_at_most_a_mebibyte() throws Exception {
        FileDescriptor file = guest.file("file", CREATE, READ | WRITE);
        guest.act(() -> file.writable().setSize(1 << 20));
        try (GuestFiles large = new GuestFiles(Drive.of(folder, 1L << 30, 10))) {
            FileDescriptor same = large.file("file", 0, READ | WRITE);
            large.act(() -> same.writable().setSize(5 << 20));
            assertEquals(Limits.READ, ((byte[]) large.run(() -> same.read(-1, 0))[0]).length);
        }
    }

    @Test
    void a_file_is_read_and_written_only_as_it_was_opened() throws Exception {
        guest.write("file", "x");
        FileDescriptor reading = guest.file("file", 0, READ);
        FileDescriptor writing = guest.file("file", 0, WRITE);
        assertEquals(Optional.of(ErrorCode.BAD_DESCRIPTOR), guest.failure(() -> reading.write(bytes("y"), 0)));
        assertEquals(Optional.of(ErrorCode.BAD_DESCRIPTOR), guest.failure(reading::writable));
        assertEquals(Optional.of(ErrorCode.BAD_DESCRIPTOR), guest.failure(() -> writing.read(1, 0)));
        assertEquals(READ, reading.flags());
        assertEquals(WRITE, writing.flags());
    }

    @Test
    void open_flags_mean_what_they_say() throws Exception {
        assertEquals(Optional.of(ErrorCode.NO_ENTRY), failureOfOpening("file", 0, READ));
        guest.write("file", "content");
        guest.act(() -> guest.top.createDirectory("directory"));
        assertEquals(Optional.of(ErrorCode.EXIST), failureOfOpening("file", CREATE | EXCLUSIVE, WRITE));
        assertEquals(Optional.of(ErrorCode.EXIST), failureOfOpening("directory", CREATE | EXCLUSIVE, WRITE));
        assertEquals(Optional.of(ErrorCode.NOT_DIRECTORY), failureOfOpening("file", DIRECTORY, READ));
        assertEquals(Optional.of(ErrorCode.IS_DIRECTORY), failureOfOpening("directory", 0, WRITE));
        assertEquals(Optional.of(ErrorCode.IS_DIRECTORY), failureOfOpening("new/", CREATE, WRITE));
        assertEquals(Optional.of(ErrorCode.INVALID), failureOfOpening("new", CREATE | DIRECTORY, READ));
        guest.file("file", CREATE, WRITE);
        assertEquals("content", guest.read("file"));
        guest.file("file", TRUNCATE, WRITE);
        assertEquals("", guest.read("file"));
    }

    @Test
    void a_pipe_is_not_opened_as_that_could_block_for_ever() throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start().waitFor());
        assertEquals(Optional.of(ErrorCode.UNSUPPORTED), failureOfOpening("pipe", 0, READ));
    }

    @Test
    void the_size_can_be_set_both_ways() throws Exception {
        FileDescriptor file = guest.file("file", CREATE, READ | WRITE);
        guest.act(() -> file.write(bytes("abcdef"), 0));
        guest.act(() -> file.writable().setSize(2));
        assertEquals("ab", guest.read("file"));
        guest.act(() -> file.writable().setSize(4));
        assertEquals("ab\0\0", guest.read("file"));
        assertEquals(Optional.of(ErrorCode.FILE_TOO_LARGE), guest.failure(() -> file.writable().setSize(-1)));
        assertEquals(Optional.of(ErrorCode.FILE_TOO_LARGE),
                guest.failure(() -> file.write(bytes("abc"), Long.MAX_VALUE - 1)));
    }

    @Test
    void a_file_without_a_name_stays_usable_until_it_is_closed() throws Exception {
        guest.write("file", "still here");
        FileDescriptor file = guest.file("file", 0, READ);
        guest.act(() -> guest.top.unlink("file"));
        assertEquals("still here", new String((byte[]) guest.run(() -> file.read(99, 0))[0], StandardCharsets.UTF_8));
        FileStat stat = guest.run(file::stat);
        assertEquals(0, stat.links());
        assertEquals(10, stat.size());
        guest.write("file", "another");
        assertEquals(10, guest.run(file::stat).size());
    }

    @Test
    void an_open_file_keeps_its_properties_when_it_or_its_directory_is_renamed() throws Exception {
        guest.act(() -> guest.top.createDirectory("d"));
        guest.write("d/file", "x");
        FileDescriptor file = guest.file("d/file", 0, READ);
        guest.act(() -> guest.top.rename("d/file", guest.top, "d/renamed"));
        guest.act(() -> guest.top.rename("d", guest.top, "e"));
        assertEquals(1, guest.run(file::stat).links());
        guest.act(() -> file.setTimes(new NewTimes(Optional.empty(), Optional.of(Instant.ofEpochSecond(1000)))));
        assertEquals(1000, Files.getLastModifiedTime(folder.resolve("e/renamed")).toInstant().getEpochSecond());
    }

    @Test
    void directories_are_made_listed_and_removed() throws Exception {
        guest.act(() -> guest.top.createDirectory("d"));
        assertEquals(Optional.of(ErrorCode.EXIST), guest.failure(() -> guest.top.createDirectory("d")));
        assertEquals(Optional.of(ErrorCode.EXIST), guest.failure(() -> guest.top.createDirectory(".")));
        guest.write("d/file", "x");
        guest.act(() -> guest.top.createDirectory("d/sub/"));
        guest.act(() -> guest.top.link("file", "d/link"));
        Set<DirectoryEntries.Entry> entries = Set.copyOf(guest.list(guest.directory("d")));
        assertEquals(Set.of(new DirectoryEntries.Entry(FileType.REGULAR_FILE, "file"),
                new DirectoryEntries.Entry(FileType.DIRECTORY, "sub"),
                new DirectoryEntries.Entry(FileType.SYMBOLIC_LINK, "link")), entries);
        assertEquals(Optional.of(ErrorCode.NOT_EMPTY), guest.failure(() -> guest.top.removeDirectory("d")));
        assertEquals(Optional.of(ErrorCode.NOT_DIRECTORY), guest.failure(() -> guest.top.removeDirectory("d/file")));
        assertEquals(Optional.of(ErrorCode.IS_DIRECTORY), guest.failure(() -> guest.top.unlink("d/sub")));
        assertEquals(Optional.of(ErrorCode.INVALID), guest.failure(() -> guest.top.removeDirectory(".")));
        guest.act(() -> guest.top.removeDirectory("d/sub/"));
        guest.act(() -> guest.top.unlink("d/file"));
        guest.act(() -> guest.top.unlink("d/link"));
        guest.act(() -> guest.top.removeDirectory("d"));
        assertEquals(List.of(), guest.list(guest.top));
    }

    @Test
    void a_long_listing_is_complete() throws Exception {
        Set<String> names = IntStream.range(0, 3 * Limits.ENTRIES_AT_ONCE + 1).mapToObj(i -> "n" + i).collect(Collectors.toSet());
        for (String name : names) {
            Files.createFile(folder.resolve(name));
        }
        assertEquals(names, guest.list(guest.top).stream().map(DirectoryEntries.Entry::name).collect(Collectors.toSet()));
    }

    @Test
    void rename_follows_the_rules_of_posix() throws Exception {
        guest.write("file", "file");
        guest.write("other", "other");
        guest.act(() -> guest.top.createDirectory("full"));
        guest.write("full/x", "x");
        guest.act(() -> guest.top.createDirectory("empty"));
        assertEquals(Optional.of(ErrorCode.IS_DIRECTORY), failureOfRenaming("file", "empty"));
        assertEquals(Optional.of(ErrorCode.NOT_DIRECTORY), failureOfRenaming("empty", "file"));
        assertEquals(Optional.of(ErrorCode.NOT_DIRECTORY), failureOfRenaming("file", "new/"));
        assertEquals(Optional.of(ErrorCode.NOT_EMPTY), failureOfRenaming("empty", "full"));
        assertEquals(Optional.of(ErrorCode.NOT_EMPTY), failureOfRenaming("full/x", "full"));
        assertEquals(Optional.of(ErrorCode.INVALID), failureOfRenaming("full", "full/sub"));
        assertEquals(Optional.of(ErrorCode.INVALID), failureOfRenaming(".", "x"));
        assertEquals(Optional.of(ErrorCode.NO_ENTRY), failureOfRenaming("none", "x"));
        assertEquals(Optional.empty(), failureOfRenaming("file", "other"));
        assertEquals("file", guest.read("other"));
        assertEquals(Optional.empty(), failureOfRenaming("full", "empty"));
        assertEquals("x", guest.read("empty/x"));
        assertEquals(Optional.empty(), failureOfRenaming("other", "other"));
        assertEquals(Optional.of(ErrorCode.CROSS_DEVICE), guest.failure(() ->
                guest.top.rename("other", Drive.of(folder, 1, 1).top(), "x")));
    }

    @Test
    void links_downwards_work_and_can_be_read() throws Exception {
        guest.act(() -> guest.top.createDirectory("d"));
        guest.write("d/file", "x");
        guest.act(() -> guest.top.link("d/file", "link"));
        assertEquals("d/file", guest.run(() -> guest.top.readLink("link")));
        assertEquals("x", guest.read("link"));
        assertEquals(Optional.of(ErrorCode.INVALID), guest.failure(() -> guest.top.readLink("d")));
        assertEquals(Optional.of(ErrorCode.EXIST), guest.failure(() -> guest.top.link("d", "link")));
        guest.act(() -> guest.top.link("new", "dangling"));
        guest.write("dangling", "made");
        assertEquals("made", guest.read("new"));
        assertEquals(Optional.of(ErrorCode.EXIST), failureOfOpening("dangling", CREATE | EXCLUSIVE, WRITE));
    }

    @Test
    void timestamps_can_be_set_and_left_alone() throws Exception {
        guest.write("file", "x");
        Variant time = Variant.of(2, new Object[] {1_000_000_000L, 5_000L});
        NewTimes times = NewTimes.of(time, Variant.of(0), Instant.EPOCH);
        FileStat before = guest.run(() -> guest.top.statAt("file", true));
        guest.act(() -> guest.top.setTimesAt("file", true, times));
        FileStat after = guest.run(() -> guest.top.statAt("file", true));
        assertEquals(Instant.ofEpochSecond(1_000_000_000, 5_000), after.accessed().orElseThrow().toInstant());
        assertEquals(before.modified(), after.modified());
        assertEquals(Optional.of(ErrorCode.INVALID),
                guest.failure(() -> NewTimes.of(Variant.of(2, new Object[] {1L, 1_000_000_000L}), Variant.of(0), Instant.EPOCH)));
    }

    @Test
    void a_metadata_hash_changes_with_the_file_and_tells_files_apart() throws Exception {
        guest.write("one", "x");
        guest.write("two", "x");
        assertEquals(hash("one"), hash("one"));
        assertNotEquals(hash("one"), hash("two"));
        List<Long> before = hash("one");
        guest.write("one", "xy");
        assertNotEquals(before, hash("one"));
    }

    @Test
    void everything_can_be_synced() throws Exception {
        FileDescriptor file = guest.file("file", CREATE, READ | WRITE);
        guest.act(() -> file.sync(true));
        guest.act(() -> file.sync(false));
        guest.act(() -> guest.top.sync(true));
        guest.act(() -> guest.file("synced", CREATE, WRITE | Descriptor.FILE_INTEGRITY_SYNC).write(bytes("x"), 0));
        assertEquals("x", guest.read("synced"));
    }

    @Test
    void an_instance_opens_only_so_many_files_and_closing_makes_room() throws Exception {
        FileDescriptor first = guest.file("f0", CREATE, WRITE);
        for (int i = 1; i < Limits.OPEN_FILES; i++) {
            guest.file("f" + i, CREATE, WRITE);
        }
        assertEquals(Optional.of(ErrorCode.INSUFFICIENT_MEMORY), failureOfOpening("more", CREATE, WRITE));
        assertFalse(Files.exists(folder.resolve("more")));
        assertEquals(Optional.of(ErrorCode.INSUFFICIENT_MEMORY),
                guest.failure(() -> guest.top.entries(guest.wasi.openFiles())));
        guest.act(first::release);
        assertEquals(Optional.empty(), failureOfOpening("more", CREATE, WRITE));
    }

    @Test
    void a_context_that_is_closed_leaves_nothing_open() throws Exception {
        FileDescriptor file = guest.file("file", CREATE, READ | WRITE);
        guest.wasi.close();
        assertTrue(guest.failure(() -> file.write(bytes("x"), 0)).isPresent());
        assertEquals(Optional.of(ErrorCode.BAD_DESCRIPTOR), failureOfOpening("late", CREATE, WRITE));
        assertEquals(0, guest.wasi.openFiles().size());
    }

    private List<Long> hash(String path) throws FileError {
        Object[] hash = MetadataHash.of(guest.run(() -> guest.top.statAt(path, true)), guest.drive.secret());
        return List.of((Long) hash[0], (Long) hash[1]);
    }

    private Optional<ErrorCode> failureOfOpening(String path, long openFlags, long flags) {
        return guest.failure(() -> guest.top.open(path, new OpenRequest(true, openFlags, flags), guest.wasi.openFiles()));
    }

    private Optional<ErrorCode> failureOfRenaming(String from, String to) {
        return guest.failure(() -> guest.top.rename(from, guest.top, to));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
