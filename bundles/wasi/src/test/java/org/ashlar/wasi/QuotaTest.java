package org.ashlar.wasi;

import static org.ashlar.wasi.GuestFiles.CREATE;
import static org.ashlar.wasi.GuestFiles.READ;
import static org.ashlar.wasi.GuestFiles.TRUNCATE;
import static org.ashlar.wasi.GuestFiles.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No guest fills the disk: a drive of 1000 bytes in 5 files. */
class QuotaTest {
    private static final Optional<ErrorCode> REFUSED = Optional.of(ErrorCode.QUOTA);

    @TempDir
    private Path folder;
    private GuestFiles guest;

    @BeforeEach
    void open() {
        guest = new GuestFiles(Drive.of(folder, 1000, 5));
    }

    @AfterEach
    void close() {
        guest.close();
    }

    @Test
    void a_write_that_does_not_fit_is_refused_whole() throws Exception {
        FileDescriptor file = guest.file("file", CREATE, READ | WRITE);
        guest.act(() -> file.write(new byte[900], 0));
        assertEquals(REFUSED, guest.failure(() -> file.write(new byte[101], 900)));
        assertEquals(900, Files.size(folder.resolve("file")));
        guest.act(() -> file.write(new byte[100], 900));
        guest.act(() -> file.write(new byte[1000], 0));
        assertEquals(REFUSED, guest.failure(() -> file.write(new byte[1], 1000)));
    }

    @Test
    void a_hole_counts_as_if_it_were_filled() throws Exception {
        FileDescriptor file = guest.file("file", CREATE, READ | WRITE);
        assertEquals(REFUSED, guest.failure(() -> file.write(new byte[1], 1000)));
        assertEquals(REFUSED, guest.failure(() -> file.writable().setSize(1001)));
        assertEquals(REFUSED, guest.failure(() -> file.writable().setSize(Long.MAX_VALUE)));
        guest.act(() -> file.writable().setSize(1000));
        assertEquals(REFUSED, guest.failure(() -> file.writable().append(new byte[1])));
    }

    @Test
    void what_is_removed_truncated_or_replaced_makes_room() throws Exception {
        for (int round = 0; round < 3; round++) {
            guest.write("file", "x".repeat(1000));
            guest.act(() -> guest.top.unlink("file"));
            guest.write("file", "x".repeat(1000));
            guest.act(guest.file("file", TRUNCATE, WRITE)::release);
            guest.write("file", "x".repeat(500));
            guest.write("other", "x".repeat(500));
            guest.act(() -> guest.top.rename("file", guest.top, "other"));
            guest.write("new", "x".repeat(500));
            guest.act(() -> guest.top.unlink("new"));
            guest.act(() -> guest.top.unlink("other"));
        }
    }

    @Test
    void a_file_that_was_unlinked_while_open_counts_until_it_is_closed() throws Exception {
        FileDescriptor hidden = guest.file("hidden", CREATE, READ | WRITE);
        guest.act(() -> hidden.write(new byte[600], 0));
        guest.act(() -> guest.top.unlink("hidden"));
        guest.act(() -> hidden.write(new byte[200], 600));
        assertEquals(REFUSED, guest.failure(() -> guest.file("next", CREATE, WRITE).write(new byte[300], 0)));
        guest.act(hidden::release);
        guest.act(() -> guest.file("next", 0, WRITE).write(new byte[1000], 0));
    }

    @Test
    void files_directories_and_links_count_by_number() throws Exception {
        guest.write("1", "");
        guest.act(() -> guest.top.createDirectory("2"));
        guest.act(() -> guest.top.link("1", "3"));
        guest.write("2/4", "");
        guest.write("2/5", "");
        assertEquals(REFUSED, guest.failure(() -> guest.top.createDirectory("6")));
        assertEquals(REFUSED, guest.failure(() -> guest.top.link("1", "6")));
        assertEquals(REFUSED, guest.failure(() ->
                guest.top.open("6", new OpenRequest(true, CREATE, WRITE), guest.wasi.openFiles())));
        guest.act(() -> guest.top.unlink("2/4"));
        guest.act(() -> guest.top.createDirectory("6"));
    }

    @Test
    void what_was_there_before_counts_and_what_others_remove_is_noticed() throws Exception {
        Files.write(folder.resolve("old"), new byte[800]);
        assertEquals(REFUSED, guest.failure(() -> guest.file("new", CREATE, WRITE).write(new byte[300], 0)));
        Files.delete(folder.resolve("old"));
        // A drive is measured again before a refusal, but not more than once a second.
        Thread.sleep(1100);
        guest.act(() -> guest.file("new", CREATE, WRITE).write(new byte[300], 0));
    }

    @Test
    void a_drive_beyond_its_quota_can_still_be_put_in_order() throws Exception {
        Files.write(folder.resolve("old"), new byte[5000]);
        guest.act(() -> guest.top.rename("old", guest.top, "new"));
        guest.act(() -> guest.file("new", 0, WRITE).write(new byte[100], 0));
        guest.act(() -> guest.file("new", 0, WRITE).writable().setSize(900));
        guest.act(() -> guest.file("new", 0, WRITE).write(new byte[100], 900));
        assertEquals(REFUSED, guest.failure(() -> guest.file("new", 0, WRITE).write(new byte[1], 1000)));
    }

    @Test
    void all_instances_that_see_a_folder_share_its_quota() throws Exception {
        Drives drives = new Drives(1000, 5);
        assertSame(drives.at(folder), drives.at(folder.resolve("x/..")));
        assertNotSame(drives.at(folder), drives.at(folder.resolve("x")));
        try (GuestFiles one = new GuestFiles(drives.at(folder)); GuestFiles two = new GuestFiles(drives.at(folder))) {
            one.write("one", "x".repeat(700));
            assertEquals(REFUSED, two.failure(() -> two.file("two", CREATE, WRITE).write(new byte[400], 0)));
        }
    }
}
