package org.ashlar.wasi;

import static org.ashlar.wasi.GuestFiles.CREATE;
import static org.ashlar.wasi.GuestFiles.DIRECTORY;
import static org.ashlar.wasi.GuestFiles.READ;
import static org.ashlar.wasi.GuestFiles.TRUNCATE;
import static org.ashlar.wasi.GuestFiles.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever path a guest comes up with, it stays in its folder. */
class SandboxTest {
    @TempDir
    private Path world;
    private Path outside;
    private Path inside;
    private GuestFiles guest;

    /**
     * The folder {@code drive} with a file, directories and links of all kinds, put there by the host; next to it a secret.
     */
    @BeforeEach
    void given_a_drive_next_to_a_secret() throws IOException {
        outside = Files.createDirectory(world.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        inside = Files.createDirectory(world.resolve("drive"));
        Files.createDirectories(inside.resolve("a/b"));
        Files.writeString(inside.resolve("a/file"), "mine");
        link("absolute-file", outside.resolve("secret").toString());
        link("absolute-directory", outside.toString());
        link("absolute-inside", inside.resolve("a/file").toString());
        link("relative-file", "../outside/secret");
        link("relative-directory", "../outside");
        link("a/b/deep", "../../../outside/secret");
        link("up", "..");
        link("root", "/");
        link("chain", "relative-directory");
        link("inside", "a/file");
        link("a/b/back", "../file");
        link("self", "self");
        link("ping", "pong");
        link("pong", "ping");
        link("dangling", "../outside/new");
        guest = new GuestFiles(inside);
    }

    @AfterEach
    void close() throws IOException {
        guest.close();
        // JUnit warns about each link that leads out of its temporary folder.
        try (Stream<Path> all = Files.walk(world)) {
            for (Path link : all.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
    }

    private void link(String name, String target) throws IOException {
        Files.createSymbolicLink(inside.resolve(name), Path.of(target));
    }

    static Stream<String> hostilePaths() {
        return Stream.of("../outside/secret", "..", "../", "../..", "a/../../outside/secret", "a/b/../../../outside/secret",
                "./../outside/secret", "a/./../../drive/a/file", "../drive/a/file", ".././drive", "/", "/etc/passwd",
                "//etc/passwd", "/../etc/passwd", "absolute-file", "absolute-directory/secret", "absolute-directory/",
                "absolute-inside", "relative-file", "relative-directory/secret", "relative-directory/../drive/a/file",
                "a/b/deep", "up/outside/secret", "up/drive/a/file", "root/etc/passwd", "chain/secret", "dangling",
                "a/../a/b/deep", "up", "root");
    }

    @ParameterizedTest
    @MethodSource("hostilePaths")
    void a_path_that_leads_out_is_refused_by_everything_that_follows_links(String path) {
        Optional<ErrorCode> refused = Optional.of(ErrorCode.NOT_PERMITTED);
        assertEquals(refused, guest.failure(() -> open(path, 0, READ)));
        assertEquals(refused, guest.failure(() -> open(path, CREATE | TRUNCATE, WRITE)));
        assertEquals(refused, guest.failure(() -> open(path, DIRECTORY, READ)));
        assertEquals(refused, guest.failure(() -> guest.top.statAt(path, true)));
        assertEquals(refused, guest.failure(() -> guest.top.setTimesAt(path, true,
                new NewTimes(Optional.empty(), Optional.of(java.time.Instant.EPOCH)))));
    }

    @ParameterizedTest
    @MethodSource("hostilePaths")
    void a_path_below_one_that_leads_out_is_refused_by_everything(String path) {
        String below = path + "/x";
        Optional<ErrorCode> refused = Optional.of(ErrorCode.NOT_PERMITTED);
        assertEquals(refused, guest.failure(() -> guest.top.createDirectory(below)));
        assertEquals(refused, guest.failure(() -> guest.top.removeDirectory(below)));
        assertEquals(refused, guest.failure(() -> guest.top.unlink(below)));
        assertEquals(refused, guest.failure(() -> guest.top.rename(below, guest.top, "taken")));
        assertEquals(refused, guest.failure(() -> guest.top.rename("a/file", guest.top, below)));
        assertEquals(refused, guest.failure(() -> guest.top.link("a", below)));
        assertEquals(refused, guest.failure(() -> guest.top.readLink(below)));
        assertEquals(refused, guest.failure(() -> guest.top.statAt(below, false)));
    }

    @Test
    void nothing_outside_changes_whatever_is_tried() throws IOException {
        hostilePaths().forEach(path -> {
            guest.failure(() -> open(path, CREATE | TRUNCATE, WRITE));
            guest.failure(() -> guest.top.createDirectory(path + "/made"));
            guest.failure(() -> guest.top.unlink(path + "/secret"));
            guest.failure(() -> guest.top.rename("a/file", guest.top, path + "/moved"));
            guest.failure(() -> guest.top.link("a", path + "/linked"));
        });
        try (Stream<Path> left = Files.list(outside)) {
            assertEquals(List.of(outside.resolve("secret")), left.toList());
        }
        assertEquals("secret", Files.readString(outside.resolve("secret")));
        try (Stream<Path> left = Files.list(world)) {
            assertEquals(2, left.count());
        }
    }

    @ParameterizedTest
    @CsvSource({"a/../a/file", "a/b/../file", "./a/./file", "a//file", "inside", "a/b/back", "a/b/../b/back"})
    void a_path_that_takes_detours_inside_works(String path) throws FileError {
        assertEquals("mine", guest.read(path));
    }

    @ParameterizedTest
    @CsvSource({"self, LOOP", "ping, LOOP", "ping/x, LOOP", "a/file/x, NOT_DIRECTORY", "a/file/, NOT_DIRECTORY",
        "a/file/.., NOT_DIRECTORY", "inside/x, NOT_DIRECTORY", "none, NO_ENTRY", "none/x, NO_ENTRY", "'', NO_ENTRY"})
    void a_path_that_leads_nowhere_says_why(String path, ErrorCode code) {
        assertEquals(Optional.of(code), guest.failure(() -> open(path, 0, READ)));
    }

    @Test
    void names_that_no_host_has_are_refused() {
        assertEquals(Optional.of(ErrorCode.ILLEGAL_BYTE_SEQUENCE), guest.failure(() -> open("a\0b", CREATE, WRITE)));
        assertEquals(Optional.of(ErrorCode.NAME_TOO_LONG), guest.failure(() -> open("x".repeat(256), CREATE, WRITE)));
        assertEquals(Optional.of(ErrorCode.NAME_TOO_LONG), guest.failure(() -> open("ü".repeat(128), CREATE, WRITE)));
        assertEquals(Optional.of(ErrorCode.NAME_TOO_LONG), guest.failure(() -> open("a/".repeat(3000), 0, READ)));
        assertEquals(Optional.empty(), guest.failure(() -> open("x".repeat(255), CREATE, WRITE)));
    }

    @Test
    void a_way_of_very_many_names_through_links_is_given_up() throws IOException {
        Files.createSymbolicLink(inside.resolve("long"), Path.of("./".repeat(1500) + "a"));
        Files.createSymbolicLink(inside.resolve("a/more"), Path.of("./".repeat(1500) + "b"));
        Files.createSymbolicLink(inside.resolve("a/b/most"), Path.of("./".repeat(1500) + "x"));
        // The JDK shortens what it reads of a link by nothing: each of the names counts.
        assertEquals(Optional.of(ErrorCode.LOOP), guest.failure(() -> open("./".repeat(1500) + "long/more/most", 0, READ)));
    }

    @Test
    void a_link_at_the_end_is_looked_at_but_not_followed_unless_asked() throws FileError {
        FileStat link = guest.run(() -> guest.top.statAt("absolute-file", false));
        assertEquals(FileType.SYMBOLIC_LINK, link.type());
        assertEquals(Optional.of(ErrorCode.LOOP), guest.failure(
                () -> guest.top.open("inside", new OpenRequest(false, 0, READ), guest.wasi.openFiles())));
        assertEquals(Optional.of(ErrorCode.NOT_PERMITTED), guest.failure(() -> guest.top.readLink("absolute-file")));
        assertEquals("a/file", guest.run(() -> guest.top.readLink("inside")));
    }

    @Test
    void a_descriptor_of_a_subdirectory_is_a_sandbox_of_its_own() throws FileError {
        DirectoryDescriptor b = guest.directory("a/b");
        assertEquals(Optional.of(ErrorCode.NOT_PERMITTED), guest.failure(() -> b.statAt("../file", true)));
        assertEquals(Optional.of(ErrorCode.NOT_PERMITTED), guest.failure(() -> b.statAt("back", true)));
        assertEquals(Optional.of(ErrorCode.NOT_PERMITTED), guest.failure(() -> guest.top.rename("a/file", b, "../x")));
    }

    @ParameterizedTest
    @CsvSource({"/etc/passwd", "/", "..", "../outside", "a/../../outside", "a/..", "./.."})
    void a_guest_makes_no_link_that_points_anywhere_but_downwards(String target) {
        assertEquals(Optional.of(ErrorCode.NOT_PERMITTED), guest.failure(() -> guest.top.link(target, "new")));
        assertFalse(Files.exists(inside.resolve("new"), java.nio.file.LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void a_directory_replaced_by_a_link_after_it_was_opened_leads_nowhere() throws Exception {
        DirectoryDescriptor b = guest.directory("a/b");
        guest.act(() -> guest.top.rename("a/b", guest.top, "moved"));
        Files.createSymbolicLink(inside.resolve("a/b"), outside);
        assertEquals(Optional.of(ErrorCode.NO_ENTRY), guest.failure(() -> b.statAt("secret", true)));
        assertEquals(Optional.of(ErrorCode.NO_ENTRY), guest.failure(() -> b.entries(guest.wasi.openFiles())));
    }

    @Test
    void a_guest_that_swaps_a_directory_for_a_link_gets_no_other_one_out() throws Exception {
        Files.createDirectory(inside.resolve("real"));
        Files.writeString(inside.resolve("real/secret"), "mine");
        Files.createSymbolicLink(inside.resolve("evil"), outside);
        AtomicBoolean done = new AtomicBoolean();
        Thread swapper = Thread.ofVirtual().start(() -> {
            try (GuestFiles accomplice = new GuestFiles(guest.drive)) {
                while (!done.get()) {
                    accomplice.failure(() -> accomplice.top.rename("real", accomplice.top, "aside"));
                    accomplice.failure(() -> accomplice.top.rename("evil", accomplice.top, "real"));
                    accomplice.failure(() -> accomplice.top.rename("real", accomplice.top, "evil"));
                    accomplice.failure(() -> accomplice.top.rename("aside", accomplice.top, "real"));
                }
            }
        });
        Map<String, Integer> seen = new java.util.TreeMap<>();
        for (int i = 0; i < 3000; i++) {
            String outcome;
            try {
                outcome = guest.read("real/secret");
            } catch (FileError e) {
                outcome = e.code().name();
            }
            seen.merge(outcome, 1, Integer::sum);
        }
        done.set(true);
        swapper.join();
        assertTrue(seen.containsKey("mine") && seen.containsKey("NOT_PERMITTED"), "both were there at times: " + seen);
        assertFalse(seen.containsKey("secret"), "the secret leaked: " + seen);
    }

    @Test
    void no_combination_of_names_leads_to_anything_that_is_not_inside() throws Exception {
        Set<Object> inodesInside = new HashSet<>();
        try (Stream<Path> all = Files.walk(inside)) {
            for (Path path : all.toList()) {
                inodesInside.add(FileStat.of(path).key());
            }
        }
        List<String> names = List.of("a", "b", "..", "..", ".", "", "file", "up", "root", "chain", "inside", "back", "deep",
                "relative-directory", "absolute-directory", "absolute-inside", "outside", "drive", "secret", "none");
        Random random = new Random(7);
        int found = 0;
        for (int i = 0; i < 20_000; i++) {
            String path = random.ints(1 + random.nextInt(8), 0, names.size()).mapToObj(names::get)
                    .collect(Collectors.joining("/"));
            try {
                Object key = guest.top.statAt(path, random.nextBoolean()).key();
                assertTrue(inodesInside.contains(key), path + " led out");
                found++;
            } catch (FileError e) {
                // Most lead nowhere.
            }
        }
        assertTrue(found > 100, "only " + found + " led anywhere");
    }

    @Test
    void a_folder_that_is_itself_a_link_of_the_host_is_a_good_drive() throws Exception {
        Path alias = Files.createSymbolicLink(world.resolve("alias"), inside);
        try (GuestFiles other = new GuestFiles(alias)) {
            assertEquals("mine", other.read("a/file"));
            assertThrows(FileError.class, () -> other.read("relative-file"));
        }
    }

    private void open(String path, long openFlags, long flags) throws IOException, FileError {
        guest.top.open(path, new OpenRequest(true, openFlags, flags), guest.wasi.openFiles());
    }
}
