package org.ashlar.conformance;

import static org.ashlar.conformance.Command.note;
import static org.ashlar.conformance.Command.report;
import static org.ashlar.conformance.Command.saveCapabilities;
import static org.ashlar.conformance.Command.send;
import static org.ashlar.conformance.Script.script;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.ProcessId;
import org.ashlar.codec.VfsAction;
import org.ashlar.codec.VfsAction.Origin;
import org.ashlar.codec.VfsRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Files of packages, through {@code vfs:distro:sys} (reference-modules 3). */
class FilesIT extends OnOneNode {
    private static final String OWN = "/" + TestNode.PACKAGE;
    private static final String OK = "\"Ok\"";
    private static final String READ = "\"Read\"";
    private static final String NO_READ_CAP = "{\"Err\":\"NoReadCap\"}";

    private static int drives;
    private Service vfs;
    private Probe p;
    /** A drive of the package of {@link #p}, which {@link #p} has made. */
    private String drive;

    @BeforeEach
    void aProcessWithADrive() {
        vfs = Service.of("vfs:distro:sys", t);
        p = node.probe("p").holding(vfs.messaging()).running();
        drive = OWN + "/drive" + drives++;
        assertEquals(OK, ask(p, drive, new VfsAction.CreateDrive()));
    }

    private String ask(Probe guest, String path, VfsAction action) {
        return vfs.ask(guest, new VfsRequest(path, action).encode()).text();
    }

    private String ask(Probe guest, String path, VfsAction action, String blob) {
        return vfs.ask(guest, new VfsRequest(path, action).encode(), blob).text();
    }

    /** What is read. */
    private String read(Probe guest, String path, VfsAction action) {
        Service.Told told = vfs.ask(guest, new VfsRequest(path, action).encode());
        assertEquals(READ, told.text());
        return told.blob().orElseThrow();
    }

    private static void failed(String answer) {
        assertTrue(answer.startsWith("{\"Err\":{\"IOError\":\""), answer);
    }

    private Probe foreigner() {
        String name = "reader" + drives + ":foreign:tester.os";
        return node.probe(ProcessId.parse(name)).holding(vfs.messaging()).running();
    }

    private Capability may(String kind) {
        return vfs.issues("{\"kind\":\"" + kind + "\",\"drive\":\"" + drive + "\"}");
    }

    @Test
    @DisplayName("M41 Who makes a drive in its own package holds the capabilities to read and to write it")
    void m41_whoMakesADriveMayUseIt() {
        assertEquals(Optional.of(true), node.holds(p.id(), may("read")));
        assertEquals(Optional.of(true), node.holds(p.id(), may("write")));
        assertTrue(Files.isDirectory(home.resolve("vfs" + drive)));
    }

    @Test
    @DisplayName("M42 A process of another package reads a file only with the capability of the drive")
    void m42_othersReadWithTheCapability() {
        ask(p, drive + "/f", new VfsAction.Write(), "content");
        Probe reader = foreigner();
        assertEquals(NO_READ_CAP, ask(reader, drive + "/f", new VfsAction.Read()));

        t.ask(p, script(send(reader).capability(may("read")).body(script(saveCapabilities(may("read")), send(t).body("saved"))), report()));
        t.mail("saved");

        assertEquals("content", read(reader, drive + "/f", new VfsAction.Read()));
        assertEquals("{\"Err\":\"NoWriteCap\"}", ask(reader, drive + "/f", new VfsAction.Write(), "changed"));
    }

    @Test
    @DisplayName("M43 A file is opened, written, and read from where the cursor was put")
    void m43_theCursorIsMoved() {
        assertEquals(OK, ask(p, drive + "/f", new VfsAction.OpenFile(true)));
        assertEquals(OK, ask(p, drive + "/f", new VfsAction.WriteAll(), "abc"));
        assertEquals("{\"SeekFrom\":{\"new_offset\":1}}", ask(p, drive + "/f", new VfsAction.Seek(new Origin.Start(1))));
        assertEquals("bc", read(p, drive + "/f", new VfsAction.ReadToEnd()));
    }

    @Test
    @DisplayName("M44 WriteAll to a file that is not there is an error; Write makes it")
    void m44_onlyWriteMakesAFile() {
        failed(ask(p, drive + "/f", new VfsAction.WriteAll(), "abc"));
        assertEquals(OK, ask(p, drive + "/f", new VfsAction.Write(), "abc"));
        assertEquals("abc", read(p, drive + "/f", new VfsAction.Read()));
    }

    @Test
    @DisplayName("M45 CreateFile empties a file that is there")
    void m45_createEmpties() {
        ask(p, drive + "/f", new VfsAction.Write(), "abc");
        assertEquals(OK, ask(p, drive + "/f", new VfsAction.CreateFile()));
        assertEquals("{\"Len\":0}", ask(p, drive + "/f", new VfsAction.Len()));
    }

    @Test
    @DisplayName("M46 ReadExact of more than is left is an error")
    void m46_readExactReadsExactly() {
        ask(p, drive + "/f", new VfsAction.Write(), "abc");
        failed(ask(p, drive + "/f", new VfsAction.ReadExact(10)));
        assertEquals("abc", read(p, drive + "/f", new VfsAction.ReadExact(3)));
    }

    @Test
    @DisplayName("M47 A path is checked where it leads, and one that leads out of the drives is malformed")
    void m47_aPathIsCheckedWhereItLeads() {
        Probe other = node.probe(ProcessId.parse("other" + drives + ":foreign:tester.os")).holding(vfs.messaging()).running();
        ask(other, "/foreign:tester.os/x", new VfsAction.CreateDrive());
        ask(other, "/foreign:tester.os/x/f", new VfsAction.Write(), "theirs");
        assertEquals(NO_READ_CAP, ask(p, drive + "/../../foreign:tester.os/x/f", new VfsAction.Read()));
        assertEquals("theirs", read(other, drive + "/../../foreign:tester.os/x/f", new VfsAction.Read()));
        assertEquals("{\"Err\":\"MalformedRequest\"}", ask(p, "/../..", new VfsAction.Read()));
    }

    @Test
    @DisplayName("M48 Listed paths begin with the package, without a leading slash")
    void m48_listedPathsHaveNoLeadingSlash() {
        ask(p, drive + "/f", new VfsAction.Write(), "abc");
        assertEquals("{\"ReadDir\":[{\"path\":\"" + drive.substring(1) + "/f\",\"file_type\":\"File\"}]}",
                ask(p, drive, new VfsAction.ReadDir()));
    }

    @Test
    @DisplayName("M49 The packages are listed for who holds the root capability, and for nobody else")
    void m49_onlyTheRootSeesThePackages() {
        assertEquals(NO_READ_CAP, ask(p, "/", new VfsAction.ReadDir()));
        Probe root = node.probe("root").holding(vfs.messaging(), vfs.issues("{\"root\":true}")).running();
        assertTrue(ask(root, "/", new VfsAction.ReadDir()).contains("{\"path\":\"cases:tester.os\",\"file_type\":\"Directory\"}"));
    }

    @Test
    @DisplayName("M50 Each process has its own handle and cursor, also on a file that another of its package has open")
    void m50_cursorsAreNotShared() {
        ask(p, drive + "/f", new VfsAction.Write(), "abcdef");
        Probe q = node.probe("q").holding(vfs.messaging()).running();
        ask(p, drive + "/f", new VfsAction.OpenFile(false));
        assertEquals("abc", read(p, drive + "/f", new VfsAction.ReadExact(3)));
        assertEquals("ab", read(q, drive + "/f", new VfsAction.ReadExact(2)));
        assertEquals("def", read(p, drive + "/f", new VfsAction.ReadToEnd()));
        assertEquals("cdef", read(q, drive + "/f", new VfsAction.ReadToEnd()));
    }

    @Test
    @DisplayName("M51 Hash gives the SHA-256 of the whole file and leaves the cursor at its end")
    void m51_hashLeavesTheCursorAtTheEnd() {
        ask(p, drive + "/f", new VfsAction.Write(), "abc");
        byte[] expected = HexFormat.of().parseHex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertEquals(IntStream.range(0, 32).mapToObj(i -> Integer.toString(expected[i] & 0xff))
                .collect(Collectors.joining(",", "{\"Hash\":[", "]}")), ask(p, drive + "/f", new VfsAction.Hash()));
        assertEquals("", read(p, drive + "/f", new VfsAction.ReadToEnd()));
    }

    @Test
    @DisplayName("M52 Nothing is sent about an error when no Response is expected")
    void m52_anErrorNobodyWaitsForIsSilent() {
        String missing = new String(VfsRequest.read(drive + "/none").encode(), StandardCharsets.UTF_8);
        String present = new String(new VfsRequest(drive, new VfsAction.ReadDir()).encode(), StandardCharsets.UTF_8);
        Journal journal = t.ask(p, script(send(vfs.address()).body(missing),
                send(vfs.address()).expecting(30).body(present).context(script(note("answered"), report()))));
        assertEquals(List.of("{\"ReadDir\":[]}"), journal.all("response").stream().map(entry -> entry.text("body")).toList());
        assertFalse(journal.has("error"));
    }

    @Test
    @DisplayName("M53 A zip with a name that leads out is refused, and nothing of it is unpacked")
    void m53_aZipCannotLeadOut() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : List.of("good", "../x")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write('x');
            }
        }
        Probe carrier = node.probe("carrier").holding(vfs.messaging()).running();
        String body = new String(new VfsRequest(drive + "/in", new VfsAction.AddZip()).encode(), StandardCharsets.UTF_8);
        Journal journal = t.begin(carrier, script(send(vfs.address()).expecting(30).inheriting().body(body).context(script(report()))),
                Blob.of(bytes.toByteArray())).journal();
        assertTrue(journal.only("response").text("body").startsWith("{\"Err\":{\"ParseError\":"), journal::toString);
        assertFalse(Files.exists(home.resolve("vfs" + drive + "/x")));
        assertEquals("{\"ReadDir\":[]}", ask(p, drive, new VfsAction.ReadDir()));
    }

    @Test
    @DisplayName("M54 What a process writes to its scratch drive through WASI is there through vfs, within a quota; it sees no other files")
    void m54_theScratchDriveIsADrive() {
        Probe wasi = node.probe("wasi").wasi().holding(vfs.messaging()).running();
        Journal journal = t.ask(wasi, script(Command.of("write-file").with("path", "notes.txt").with("text", "scratch"),
                Command.of("read-file").with("path", "../pkg/" + wasi.id().process() + ".wasm").with("size", 4), report()));
        assertTrue(journal.has("file-written"));
        assertEquals("open", journal.only("file-error").text("step"));
        assertEquals("scratch", read(wasi, OWN + "/tmp/notes.txt", new VfsAction.Read()));

        assertEquals(OK, ask(wasi, OWN + "/tmp/back.txt", new VfsAction.Write(), "from vfs"));
        Journal back = t.ask(wasi, script(Command.of("read-file").with("path", "back.txt").with("size", 100), report()));
        assertEquals("from vfs", back.only("file-content").text("bytes"));
    }
}
