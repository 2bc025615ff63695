package org.ashlar.vfs;

import static org.ashlar.vfs.VfsRig.DRIVE;
import static org.ashlar.vfs.VfsRig.OK;
import static org.ashlar.vfs.VfsRig.OWN;
import static org.ashlar.vfs.VfsRig.error;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ashlar.codec.VfsAction;
import org.ashlar.codec.VfsResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What vfs does not let happen: leading out of a drive, growing beyond a bound. */
class VfsBoundsTest {
    private static final String FILE = DRIVE + "/file";
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
        assertEquals(1000, vfs.usage().bytes());
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
        assertEquals(Usage.measure(vfs.host(DRIVE)), new Usage(vfs.usage().bytes(), vfs.usage().entries()));
        assertEquals(new Usage(0, 0), new Usage(vfs.usage().bytes(), vfs.usage().entries()));
        VfsResponse.DriveUsage second = (VfsResponse.DriveUsage) vfs.ask("/chat:alice.os/second", new VfsAction.DriveUsage());
        assertEquals(new Usage(0, 1), new Usage(second.bytes(), second.entries()));
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
}
