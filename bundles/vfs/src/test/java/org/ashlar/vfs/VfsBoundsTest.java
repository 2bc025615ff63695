package org.ashlar.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.ashlar.vfs.VfsRig.DRIVE;
import static org.ashlar.vfs.VfsRig.OWN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.codec.VfsAction;
import org.ashlar.codec.VfsRequest;
import org.ashlar.codec.VfsResponse;
import org.ashlar.senders.Departures;
import org.ashlar.tck.RecordedReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What vfs does not let happen: leading out of a drive, growing beyond a bound, forgetting to close. */
class VfsBoundsTest {
    private static final String FILE = DRIVE + "/file";
    private static final VfsResponse OK = new VfsResponse.Done();
    private static final Usage QUOTA = new Usage(1000, 10);

    @TempDir
    Path home;
    @TempDir
    Path outside;
    private VfsRig vfs;

    @BeforeEach
    void open() throws Exception {
        vfs = new VfsRig(home, QUOTA);
    }

    @AfterEach
    void close() {
        vfs.close();
    }

    private static String error(VfsResponse answer) {
        return assertInstanceOf(VfsResponse.IoError.class, answer).error();
    }

    private VfsResponse.DriveUsage usage() {
        return (VfsResponse.DriveUsage) vfs.ask(DRIVE, new VfsAction.DriveUsage());
    }

    @Test
    void noActionFollowsALink() throws Exception {
        Files.writeString(outside.resolve("secret"), "secret");
        Files.createSymbolicLink(vfs.host(DRIVE + "/out"), outside);
        Files.createSymbolicLink(vfs.host(DRIVE + "/secret"), outside.resolve("secret"));
        for (VfsAction action : List.of(new VfsAction.Read(), new VfsAction.OpenFile(true), new VfsAction.CreateFile(),
                new VfsAction.Write(), new VfsAction.Append(), new VfsAction.SetLen(0), new VfsAction.Hash(), new VfsAction.Len(),
                new VfsAction.CopyFile(FILE), new VfsAction.SyncAll())) {
            for (String path : List.of(DRIVE + "/out/secret", DRIVE + "/secret")) {
                error(vfs.ask(path, action, "gone"));
            }
        }
        error(vfs.ask(DRIVE + "/out", new VfsAction.ReadDir()));
        error(vfs.ask(DRIVE + "/out", new VfsAction.RemoveDirAll()));
        error(vfs.ask(DRIVE + "/out/new", new VfsAction.CreateDirAll()));
        assertEquals("secret", Files.readString(outside.resolve("secret")));
        assertEquals(OK, vfs.ask(DRIVE + "/secret", new VfsAction.RemoveFile()));
        assertTrue(Files.exists(outside.resolve("secret")));
    }

    /** A folder on the way turns into a link and back while files are written below it. */
    @Test
    void aLinkThatAppearsMeanwhileIsNotFollowed() throws Exception {
        Path folder = Files.createDirectory(vfs.host(DRIVE + "/turning"));
        Path aside = vfs.host(DRIVE + "/aside");
        AtomicBoolean done = new AtomicBoolean();
        Thread turner = Thread.ofPlatform().start(() -> {
            try {
                while (!done.get()) {
                    Files.move(folder, aside);
                    Files.createSymbolicLink(folder, outside);
                    Files.delete(folder);
                    Files.move(aside, folder);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        for (int i = 0; i < 3000; i++) {
            vfs.ask(DRIVE + "/turning/file", new VfsAction.Write(), "x");
            vfs.ask(DRIVE + "/turning/file", new VfsAction.RemoveFile());
            vfs.ask(DRIVE + "/turning/sub", new VfsAction.CreateDir());
            vfs.ask(DRIVE + "/turning/sub", new VfsAction.RemoveDir());
        }
        done.set(true);
        turner.join();
        try (var found = Files.list(outside)) {
            assertEquals(List.of(), found.toList());
        }
    }

    @Test
    void aDriveHoldsItsQuotaAndNotAByteMore() {
        assertEquals(OK, vfs.ask(FILE, new VfsAction.Write(), "x".repeat(1000)));
        assertTrue(error(vfs.ask(DRIVE + "/more", new VfsAction.Write(), "x")).contains("quota"));
        assertTrue(error(vfs.ask(FILE, new VfsAction.Append(), "x")).contains("quota"));
        assertTrue(error(vfs.ask(FILE, new VfsAction.SetLen(1001))).contains("quota"));
        assertTrue(error(vfs.ask(FILE, new VfsAction.CopyFile(DRIVE + "/more"))).contains("quota"));
        assertEquals(1000, usage().bytes());
        assertEquals(OK, vfs.ask(FILE, new VfsAction.SetLen(400)));
        assertEquals(OK, vfs.ask(FILE, new VfsAction.CopyFile(DRIVE + "/more")));
        assertEquals(OK, vfs.ask(DRIVE + "/more", new VfsAction.Append(), "x".repeat(200)));
        assertEquals(OK, vfs.ask(FILE, new VfsAction.RemoveFile()));
        assertEquals(new VfsResponse.Metadata(VfsResponse.FileType.FILE, 600), vfs.ask(DRIVE + "/more", new VfsAction.Metadata()));
        assertEquals(OK, vfs.ask(DRIVE + "/third", new VfsAction.Write(), "x".repeat(400)));
        error(vfs.ask(DRIVE + "/fourth", new VfsAction.Write(), "x"));
        for (int i = 0; i < 8; i++) {
            assertEquals(OK, vfs.ask(DRIVE + "/folder" + i, new VfsAction.CreateDir()));
        }
        assertTrue(error(vfs.ask(DRIVE + "/folder8", new VfsAction.CreateDir())).contains("quota"));
        assertTrue(error(vfs.ask(DRIVE + "/file8", new VfsAction.CreateFile())).contains("quota"));
    }

    @Test
    void whatIsCountedIsWhatIsThere() throws Exception {
        vfs.ask(FILE, new VfsAction.Write(), "x".repeat(100));
        vfs.ask(FILE, new VfsAction.Write(), "x".repeat(50));
        vfs.ask(DRIVE + "/sub/deep", new VfsAction.CreateDirAll());
        vfs.ask(FILE, new VfsAction.CopyFile(DRIVE + "/sub/deep/copy"));
        vfs.ask(DRIVE + "/sub", new VfsAction.Rename(DRIVE + "/moved"));
        vfs.ask(FILE, new VfsAction.Rename(DRIVE + "/moved/deep/copy"));
        vfs.ask("/chat:alice.os/second", new VfsAction.CreateDrive());
        vfs.ask(DRIVE + "/moved", new VfsAction.Rename("/chat:alice.os/second/here"));
        vfs.ask("/chat:alice.os/second/here/deep", new VfsAction.RemoveDirAll());
        assertEquals(Usage.measure(vfs.host(DRIVE)), new Usage(usage().bytes(), usage().entries()));
        assertEquals(new Usage(0, 0), new Usage(usage().bytes(), usage().entries()));
        VfsResponse.DriveUsage second = (VfsResponse.DriveUsage) vfs.ask("/chat:alice.os/second", new VfsAction.DriveUsage());
        assertEquals(new Usage(0, 1), new Usage(second.bytes(), second.entries()));
    }

    @Test
    void aZipIsUnpackedWithItsFolders() throws Exception {
        vfs.ask(DRIVE + "/to/deep/b", new VfsAction.CreateDirAll());
        vfs.ask(DRIVE + "/to/a", new VfsAction.Write(), "old");
        assertEquals(OK, vfs.ask(OWN, DRIVE + "/to", new VfsAction.AddZip(),
                Optional.of(zip("a", "new", "deep/c/d", "content", "empty/", ""))).body());
        assertEquals("new", vfs.read(DRIVE + "/to/a", new VfsAction.Read()));
        assertEquals("content", vfs.read(DRIVE + "/to/deep/c/d", new VfsAction.Read()));
        assertTrue(Files.isDirectory(vfs.host(DRIVE + "/to/empty")));
        assertEquals(Usage.measure(vfs.host(DRIVE)), new Usage(usage().bytes(), usage().entries()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../../x", "/x", "a//x", "a/./x", "a\\..\\x", "a\u0000b"})
    void aZipThatLeadsOutChangesNothing(String name) throws Exception {
        VfsResponse answer = vfs.ask(OWN, DRIVE, new VfsAction.AddZip(), Optional.of(zip("good", "good", name, "bad"))).body();
        assertEquals(DRIVE, assertInstanceOf(VfsResponse.ParseError.class, answer).path());
        assertNothingUnpacked();
    }

    @Test
    void aZipThatIsNoneOrDoesNotFitChangesNothing() throws Exception {
        byte[] zip = zip("a", "a".repeat(400), "b", "b".repeat(700));
        assertTrue(error(vfs.ask(OWN, DRIVE, new VfsAction.AddZip(), Optional.of(zip)).body()).contains("quota"));
        for (byte[] bad : List.of(new byte[0], "no zip".getBytes(UTF_8), java.util.Arrays.copyOf(zip("a", "x"), 40),
                zip("a", "x", "a/b", "y"))) {
            assertInstanceOf(VfsResponse.ParseError.class, vfs.ask(OWN, DRIVE, new VfsAction.AddZip(), Optional.of(bad)).body());
        }
        assertNothingUnpacked();
    }

    private void assertNothingUnpacked() throws IOException {
        assertEquals(Usage.NONE, Usage.measure(vfs.host(DRIVE)));
        assertEquals(Usage.NONE, Usage.measure(vfs.host("/.staging")));
        assertEquals(0, usage().bytes());
        assertEquals(0, usage().entries());
    }

    private static byte[] zip(String... namesAndContents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                zip.putNextEntry(new ZipEntry(namesAndContents[i]));
                zip.write(namesAndContents[i + 1].getBytes(UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void moreIsNotReadAtOnceThanTheBound() throws Exception {
        try (VfsRig roomy = new VfsRig(Files.createDirectory(home.resolve("roomy")), new Usage(1L << 30, 10))) {
            roomy.ask(FILE, new VfsAction.CreateFile());
            roomy.ask(FILE, new VfsAction.SetLen(FileReading.MAX_READ + 1L));
            for (VfsAction action : List.of(new VfsAction.Read(), new VfsAction.ReadToEnd(), new VfsAction.ReadToString(),
                    new VfsAction.ReadExact(FileReading.MAX_READ + 1L))) {
                assertTrue(error(roomy.ask(FILE, action)).contains("piece by piece"), action.name());
            }
            assertEquals(FileReading.MAX_READ, roomy.ask(OWN, FILE, new VfsAction.ReadExact(FileReading.MAX_READ), Optional.empty())
                    .blob().orElseThrow().length());
            assertEquals(1, roomy.read(FILE, new VfsAction.ReadToEnd()).length());
        }
    }

    @Test
    void aProcessHasSoManyFilesOpenAndNoMore() throws Exception {
        try (VfsRig roomy = new VfsRig(Files.createDirectory(home.resolve("roomy")), new Usage(1L << 30, 10_000))) {
            for (int i = 0; i < Handles.PER_PROCESS; i++) {
                assertEquals(OK, roomy.ask(DRIVE + "/" + i, new VfsAction.OpenFile(true)));
            }
            assertTrue(error(roomy.ask(FILE, new VfsAction.OpenFile(true))).contains("CloseFile"));
            assertEquals(OK, roomy.ask(DRIVE + "/0", new VfsAction.CloseFile()));
            assertEquals(OK, roomy.ask(FILE, new VfsAction.OpenFile(true)));
        }
    }

    /** More files than are really open at a time: those closed in between go on where they were. */
    @Test
    void cursorsOutliveTheFileBehindThem() throws Exception {
        try (VfsRig roomy = new VfsRig(Files.createDirectory(home.resolve("roomy")), new Usage(1L << 30, 10_000))) {
            int files = 200;
            List<String> processes = List.of("one:chat:alice.os", "two:chat:alice.os", "three:chat:alice.os");
            for (int i = 0; i < files; i++) {
                roomy.ask(DRIVE + "/" + i, new VfsAction.Write(), "ab" + i);
            }
            for (String process : processes) {
                for (int i = 0; i < files; i++) {
                    roomy.ask(process, DRIVE + "/" + i, new VfsAction.ReadExact(2), Optional.empty());
                }
            }
            assertEquals(processes.size() * files, roomy.process().handles().count());
            assertTrue(openFiles(roomy.host(DRIVE)) <= Handles.OPEN);
            for (String process : processes) {
                for (int i = 0; i < files; i++) {
                    assertEquals(Integer.toString(i), roomy.ask(process, DRIVE + "/" + i, new VfsAction.ReadToEnd(), Optional.empty()).text());
                }
            }
        }
    }

    private static long openFiles(Path below) throws IOException {
        Path real = below.toRealPath();
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(link -> {
                try {
                    return Files.readSymbolicLink(link).startsWith(real);
                } catch (IOException e) {
                    return false; // closed meanwhile
                }
            }).count();
        }
    }

    @Test
    void aSuccessorGoesOnWhereFilesWereRead() throws Exception {
        Path other = Files.createDirectory(home.resolve("other"));
        byte[] create = new VfsRequest(DRIVE, new VfsAction.CreateDirAll()).encode();
        byte[] file = new VfsRequest(FILE, new VfsAction.Write()).encode();
        byte[] two = new VfsRequest(FILE, new VfsAction.ReadExact(2)).encode();
        Vfs first = new Vfs(other);
        answer(first, create, Optional.empty());
        answer(first, file, Optional.of("abcdef"));
        assertEquals("ab", answer(first, two, Optional.empty()));
        first.close();
        Vfs second = new Vfs(other);
        assertEquals("cd", answer(second, two, Optional.empty()));
        second.close();
        Vfs third = new Vfs(other);
        assertEquals("ef", answer(third, two, Optional.empty()));
        third.close();
    }

    private static String answer(Vfs vfs, byte[] body, Optional<String> blob) throws IOException {
        RecordedReply reply = new RecordedReply();
        vfs.handle(RecordedReply.request(OWN, "vfs:distro:sys", body, blob.map(text -> Blob.of(text.getBytes(UTF_8)))), reply);
        Optional<Blob> answered = reply.answer().blob();
        return answered.isPresent() ? new String(answered.get().bytes(), UTF_8) : "";
    }

    @Test
    void filesOfProcessesThatEndedOrBeganAnewAreClosed() throws Exception {
        String restarted = "restarted:chat:alice.os";
        String running = "running:chat:alice.os";
        vfs.kernel().processes.add(status(running, Instant.now().minusSeconds(100)));
        vfs.kernel().processes.add(status(restarted, Instant.now().minusSeconds(100)));
        vfs.as(running, FILE, new VfsAction.OpenFile(true));
        vfs.as(restarted, FILE, new VfsAction.OpenFile(true));
        vfs.process().handles().closeEnded(Departures.ended(vfs.kernel()));
        assertEquals(2, vfs.process().handles().count());
        vfs.kernel().processes.set(1, status(restarted, Instant.now().plusSeconds(1)));
        vfs.process().handles().closeEnded(Departures.ended(vfs.kernel()));
        assertEquals(List.of(ProcessId.parse(running)), vfs.process().handles().processes());
    }

    private static ProcessStatus status(String id, Instant startedAt) {
        return new ProcessStatus(ProcessId.parse(id), ProcessStatus.Kind.GUEST, ProcessStatus.State.RUNNING, false, OnExit.NONE,
                Optional.empty(), Optional.empty(), false, Optional.of(startedAt), 0, Optional.empty(), Optional.empty(), 0, 0, 0,
                0, 0, 0, 0, List.of());
    }
}
