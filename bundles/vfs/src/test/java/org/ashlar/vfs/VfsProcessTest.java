package org.ashlar.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.ashlar.vfs.VfsRig.DRIVE;
import static org.ashlar.vfs.VfsRig.FOREIGN;
import static org.ashlar.vfs.VfsRig.OK;
import static org.ashlar.vfs.VfsRig.OWN;
import static org.ashlar.vfs.VfsRig.may;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.codec.VfsAction;
import org.ashlar.codec.VfsAction.Origin;
import org.ashlar.codec.VfsRequest;
import org.ashlar.codec.VfsResponse;
import org.ashlar.codec.VfsResponse.Entry;
import org.ashlar.codec.VfsResponse.FileType;
import org.ashlar.tck.RecordedReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The actions, asked one by one (reference-modules 3.2 and 3.4). */
class VfsProcessTest {
    private static final String FILE = DRIVE + "/file";

    @TempDir
    Path home;
    private VfsRig vfs;

    @BeforeEach
    void open() throws Exception {
        vfs = new VfsRig(home);
    }

    @AfterEach
    void close() {
        vfs.close();
    }

    private static void failsWith(String text, VfsResponse answer) {
        String error = assertInstanceOf(VfsResponse.IoError.class, answer).error();
        assertTrue(error.contains(text), error);
    }

    @Test
    void aDriveIsMadeAndItsMakerMayUseIt() {
        assertEquals(OK, vfs.ask("/chat:alice.os/new/below/is/not/made", new VfsAction.CreateDrive()));
        assertTrue(Files.isDirectory(vfs.host("/chat:alice.os/new")));
        assertEquals(Set.of(may("read", "/chat:alice.os/new"), may("write", "/chat:alice.os/new")),
                new HashSet<>(vfs.kernel().granted.getFirst().capabilities()));
        assertEquals(ProcessId.parse(OWN), vfs.kernel().granted.getFirst().target());
        assertEquals(new VfsResponse.NoWriteCap(), vfs.as(FOREIGN, "/chat:alice.os/another", new VfsAction.CreateDrive()));
    }

    @Test
    void aPackageHasSoManyDrivesAndNoMore() {
        for (int i = 1; i < DriveTree.MAX_DRIVES; i++) {
            assertEquals(OK, vfs.ask("/chat:alice.os/drive" + i, new VfsAction.CreateDrive()));
        }
        failsWith("has 64 drives", vfs.ask("/chat:alice.os/one-more", new VfsAction.CreateDrive()));
        failsWith("has 64 drives", vfs.ask("/chat:alice.os/one-more/x", new VfsAction.CreateDirAll()));
        assertEquals(OK, vfs.ask("/chat:alice.os/drive1", new VfsAction.CreateDrive()));
    }

    @Test
    void foldersAreMadeOneByOneOrAllAtOnce() {
        failsWith("no such", vfs.ask(DRIVE + "/a/b", new VfsAction.CreateDir()));
        assertEquals(OK, vfs.ask(DRIVE + "/a", new VfsAction.CreateDir()));
        failsWith("is there already", vfs.ask(DRIVE + "/a", new VfsAction.CreateDir()));
        assertEquals(OK, vfs.ask(DRIVE + "/a/b/c", new VfsAction.CreateDirAll()));
        assertEquals(OK, vfs.ask(DRIVE + "/a/b/c", new VfsAction.CreateDirAll()));
        assertTrue(Files.isDirectory(vfs.host(DRIVE + "/a/b/c")));
    }

    @Test
    void contentIsReadAndWrittenAtTheCursor() throws Exception {
        assertEquals(OK, vfs.ask(FILE, new VfsAction.OpenFile(true)));
        assertEquals(OK, vfs.ask(FILE, new VfsAction.WriteAll(), "abc"));
        assertEquals(OK, vfs.ask(FILE, new VfsAction.WriteAll(), "def"));
        assertEquals(new VfsResponse.SeekFrom(1), vfs.ask(FILE, new VfsAction.Seek(new Origin.Start(1))));
        assertEquals("bc", vfs.read(FILE, new VfsAction.ReadExact(2)));
        assertEquals(new VfsResponse.SeekFrom(2), vfs.ask(FILE, new VfsAction.Seek(new Origin.Current(-1))));
        assertEquals("cdef", vfs.read(FILE, new VfsAction.ReadToEnd()));
        assertEquals("", vfs.read(FILE, new VfsAction.ReadToEnd()));
        assertEquals(new VfsResponse.SeekFrom(4), vfs.ask(FILE, new VfsAction.Seek(new Origin.End(-2))));
        failsWith("2 are left", vfs.ask(FILE, new VfsAction.ReadExact(3)));
        assertEquals(new VfsResponse.Text("ef"), vfs.ask(FILE, new VfsAction.ReadToString()));
        failsWith("cursor", vfs.ask(FILE, new VfsAction.Seek(new Origin.End(-7))));
        failsWith("bytes were asked for", vfs.ask(FILE, new VfsAction.ReadExact(-1)));
        assertEquals("abcdef", vfs.read(FILE, new VfsAction.Read()));
        assertEquals(new VfsResponse.Len(6), vfs.ask(FILE, new VfsAction.Len()));
        assertEquals(OK, vfs.ask(FILE, new VfsAction.OpenFile(false)));
        assertEquals("a", vfs.read(FILE, new VfsAction.ReadExact(1)));
    }

    @Test
    void whatIsWrittenWithoutAFileIsAnError() {
        failsWith("no such", vfs.ask(FILE, new VfsAction.WriteAll(), "x"));
        failsWith("no such", vfs.ask(FILE, new VfsAction.Append(), "x"));
        failsWith("no such", vfs.ask(FILE, new VfsAction.SyncAll()));
        failsWith("no such", vfs.ask(FILE, new VfsAction.OpenFile(false)));
        failsWith("no such", vfs.ask(DRIVE + "/none/file", new VfsAction.Write(), "x"));
        failsWith("no such", vfs.ask("/chat:alice.os/none/file", new VfsAction.CreateFile()));
        assertEquals(new VfsResponse.NoBlob(), vfs.ask(FILE, new VfsAction.Write()));
        assertEquals(0, vfs.process().handles().count());
    }

    @Test
    void aReplacedFileIsSeenThroughHandlesThatWereOpen() throws Exception {
        vfs.ask(FILE, new VfsAction.Write(), "first");
        assertEquals("fi", vfs.read(FILE, new VfsAction.ReadExact(2)));
        vfs.ask(FILE, new VfsAction.Write(), "second");
        assertEquals("cond", vfs.read(FILE, new VfsAction.ReadToEnd()));
    }

    @Test
    void filesGrowShrinkAndAreAppendedTo() throws Exception {
        vfs.ask(FILE, new VfsAction.CreateFile());
        vfs.ask(FILE, new VfsAction.Append(), "abc");
        vfs.ask(FILE, new VfsAction.Append(), "def");
        assertEquals(OK, vfs.ask(FILE, new VfsAction.SetLen(4)));
        assertEquals("abcd", vfs.read(FILE, new VfsAction.Read()));
        assertEquals(OK, vfs.ask(FILE, new VfsAction.SetLen(6)));
        assertEquals("abcd\0\0", vfs.read(FILE, new VfsAction.Read()));
        assertEquals(OK, vfs.ask(FILE, new VfsAction.SyncAll()));
        vfs.ask(FILE, new VfsAction.CreateFile());
        assertEquals("", vfs.read(FILE, new VfsAction.Read()));
    }

    @Test
    void filesAreRenamedCopiedAndRemoved() throws Exception {
        String other = DRIVE + "/other";
        vfs.ask(FILE, new VfsAction.Write(), "one");
        vfs.ask(other, new VfsAction.Write(), "two");
        assertEquals(OK, vfs.ask(FILE, new VfsAction.Rename(other)));
        assertEquals("one", vfs.read(other, new VfsAction.Read()));
        failsWith("no such", vfs.ask(FILE, new VfsAction.Read()));
        assertEquals(OK, vfs.ask(other, new VfsAction.CopyFile(FILE)));
        assertEquals("one", vfs.read(FILE, new VfsAction.Read()));
        assertEquals(OK, vfs.ask(FILE, new VfsAction.RemoveFile()));
        failsWith("no such", vfs.ask(FILE, new VfsAction.RemoveFile()));
        failsWith("is a drive", vfs.ask(DRIVE, new VfsAction.Read()));
    }

    @Test
    void handlesEndWithTheNamesOfTheirFiles() {
        vfs.ask(DRIVE + "/sub", new VfsAction.CreateDir());
        vfs.ask(DRIVE + "/sub/a", new VfsAction.OpenFile(true));
        vfs.as("second:chat:alice.os", DRIVE + "/sub/a", new VfsAction.OpenFile(true));
        assertEquals(2, vfs.process().handles().count());
        vfs.ask(DRIVE + "/sub", new VfsAction.Rename(DRIVE + "/moved"));
        assertEquals(0, vfs.process().handles().count());
        vfs.ask(DRIVE + "/moved/a", new VfsAction.OpenFile(false));
        vfs.ask(DRIVE + "/moved", new VfsAction.RemoveDirAll());
        assertEquals(0, vfs.process().handles().count());
        vfs.ask(FILE, new VfsAction.OpenFile(true));
        vfs.ask(FILE, new VfsAction.CloseFile());
        assertEquals(0, vfs.process().handles().count());
        assertEquals(OK, vfs.ask(FILE, new VfsAction.CloseFile()));
    }

    @Test
    void foldersAreListedAndRemoved() throws Exception {
        vfs.ask(DRIVE + "/sub/deep", new VfsAction.CreateDirAll());
        vfs.ask(FILE, new VfsAction.Write(), "x");
        Files.createSymbolicLink(vfs.host(DRIVE + "/link"), Path.of("file"));
        VfsResponse.Listing listing = assertInstanceOf(VfsResponse.Listing.class, vfs.ask(DRIVE, new VfsAction.ReadDir()));
        assertEquals(Set.of(new Entry("chat:alice.os/files/sub", FileType.DIRECTORY),
                new Entry("chat:alice.os/files/file", FileType.FILE),
                new Entry("chat:alice.os/files/link", FileType.SYMLINK)), new HashSet<>(listing.entries()));
        failsWith("not empty", vfs.ask(DRIVE + "/sub", new VfsAction.RemoveDir()));
        assertEquals(OK, vfs.ask(DRIVE + "/sub/deep", new VfsAction.RemoveDir()));
        assertEquals(OK, vfs.ask(DRIVE, new VfsAction.RemoveDirAll()));
        assertTrue(Files.notExists(vfs.host(DRIVE)));
        try (var staged = Files.list(vfs.host("/.staging"))) {
            assertEquals(List.of(), staged.toList());
        }
    }

    @Test
    void theNodesOwnDrivesAreNotRemoved() throws Exception {
        Files.createDirectories(vfs.host("/chat:alice.os/pkg"));
        failsWith("drive of the node", vfs.ask("/chat:alice.os/pkg", new VfsAction.RemoveDirAll()));
        failsWith("is a drive", vfs.ask("/chat:alice.os/pkg", new VfsAction.Rename("/chat:alice.os/files/x")));
    }

    @Test
    void onlyTheRootSeesWhoseDrivesThereAre() {
        assertEquals(new VfsResponse.NoReadCap(), vfs.ask("/", new VfsAction.ReadDir()));
        assertEquals(new VfsResponse.MalformedRequest(), vfs.ask("/chat:alice.os", new VfsAction.ReadDir()));
        Capability root = new Capability(VfsRig.VFS, "{\"root\":true}");
        assertEquals(new VfsResponse.Listing(List.of(new Entry("chat:alice.os", FileType.DIRECTORY))),
                vfs.ask(FOREIGN, "/", new VfsAction.ReadDir(), Optional.empty(), root).body());
        assertEquals(new VfsResponse.Listing(List.of(new Entry("chat:alice.os/files", FileType.DIRECTORY))),
                vfs.ask(FOREIGN, "/chat:alice.os", new VfsAction.ReadDir(), Optional.empty(), root).body());
    }

    @Test
    void othersNeedTheDrivesCapabilities() {
        vfs.ask(FILE, new VfsAction.Write(), "x");
        Optional<byte[]> blob = Optional.of(new byte[1]);
        for (VfsAction reading : List.of(new VfsAction.Read(), new VfsAction.Len(), new VfsAction.Hash(), new VfsAction.Metadata(),
                new VfsAction.Seek(new Origin.Start(0)), new VfsAction.DriveUsage())) {
            assertEquals(new VfsResponse.NoReadCap(), vfs.ask(FOREIGN, FILE, reading, blob, may("write", DRIVE)).body());
            assertTrue(!vfs.ask(FOREIGN, FILE, reading, blob, may("read", DRIVE)).body().isError(), reading.name());
        }
        for (VfsAction writing : List.of(new VfsAction.OpenFile(false), new VfsAction.WriteAll(), new VfsAction.SyncAll(),
                new VfsAction.SetLen(1), new VfsAction.CloseFile(), new VfsAction.CopyFile(DRIVE + "/copy"))) {
            assertEquals(new VfsResponse.NoWriteCap(), vfs.ask(FOREIGN, FILE, writing, blob, may("read", DRIVE)).body());
            assertEquals(OK, vfs.ask(FOREIGN, FILE, writing, blob, may("write", DRIVE)).body());
        }
        assertEquals(new VfsResponse.NoWriteCap(),
                vfs.ask(FOREIGN, FILE, new VfsAction.Rename("/third:carol.os/d/x"), blob, may("write", DRIVE)).body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "{\"path\":\"/chat:alice.os/files/x\"}", "{\"path\":\"/chat:alice.os\",\"action\":\"Read\"}",
            "{\"path\":\"/..\",\"action\":\"Read\"}", "{\"path\":\"/nobody/files/x\",\"action\":\"Read\"}",
            "{\"path\":\"/chat:alice.os/files/x\",\"action\":\"Explode\"}"})
    void whatIsNoRequestIsMalformed(String body) {
        RecordedReply reply = new RecordedReply();
        vfs.process().handle(RecordedReply.request(OWN, "vfs:distro:sys", body.getBytes(UTF_8), Optional.empty()), reply);
        assertEquals(new VfsResponse.MalformedRequest(), VfsResponse.parse(reply.answer().response().body()));
    }

    @Test
    void metadataComesBackAndOtherNodesAreNotServed() {
        RecordedReply reply = new RecordedReply();
        Request request = Request.of(VfsRequest.read(FILE).encode()).expecting(5).withMetadata("mine");
        vfs.process().handle(new Envelope(1, Address.parse("a.os@" + OWN), VfsRig.VFS, Optional.empty(), request,
                Optional.empty()), reply);
        assertEquals(Optional.of("mine"), reply.answer().response().metadata());
        RecordedReply elsewhere = new RecordedReply();
        vfs.process().handle(new Envelope(1, Address.parse("b.os@" + OWN), VfsRig.VFS, Optional.empty(), request,
                Optional.empty()), elsewhere);
        assertTrue(elsewhere.isOpen());
    }

    @Test
    void aDepartedVfsHandsBack() {
        vfs.process().close();
        RecordedReply reply = new RecordedReply();
        vfs.process().handle(RecordedReply.request(OWN, "vfs:distro:sys", VfsRequest.read(FILE).encode(), Optional.empty()), reply);
        assertInstanceOf(RecordedReply.Outcome.HandedBack.class, reply.outcome());
    }
}
