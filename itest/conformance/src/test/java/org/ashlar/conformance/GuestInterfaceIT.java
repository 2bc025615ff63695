package org.ashlar.conformance;

import static org.ashlar.conformance.Command.clearState;
import static org.ashlar.conformance.Command.dropCapabilities;
import static org.ashlar.conformance.Command.exit;
import static org.ashlar.conformance.Command.getBlob;
import static org.ashlar.conformance.Command.getState;
import static org.ashlar.conformance.Command.note;
import static org.ashlar.conformance.Command.our;
import static org.ashlar.conformance.Command.ourCapabilities;
import static org.ashlar.conformance.Command.panic;
import static org.ashlar.conformance.Command.print;
import static org.ashlar.conformance.Command.report;
import static org.ashlar.conformance.Command.setState;
import static org.ashlar.conformance.Command.stderr;
import static org.ashlar.conformance.Script.script;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.OnExit;
import org.ashlar.codec.KernelCommand;
import org.ashlar.codec.KernelCommand.Definition;
import org.ashlar.conformance.Journal.Entry;
import org.ashlar.conformance.document.Remark;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a guest's imports do (reference-kernel 3). */
class GuestInterfaceIT extends OnOneNode {
    private static final byte[] CORE_MODULE = {0, 'a', 's', 'm', 1, 0, 0, 0};
    /** An offset in a file, in bytes, that no scratch drive has room for. */
    private static final long BEYOND_QUOTA = 1L << 40;
    /** {@code quota} in WASI's {@code error-code}. */
    private static final long WASI_QUOTA = 6;


    @Test
    @DisplayName("K37 A process is given its own address, the same that it can ask for")
    void k37_aProcessIsGivenItsAddress() {
        Probe p = node.probe("p").running();

        Journal journal = t.ask(p, script(our(), report()));

        assertEquals(p.address().toString(), journal.only("init").text("text"));
        assertEquals(p.address().toString(), journal.only("our").text("address"));
    }

    @Test
    @DisplayName("K39 A process that holds no capability at all can keep state")
    void k39_stateNeedsNoCapability() {
        Probe p = node.probe("p").closed().running();

        Journal journal = t.ask(p, script(dropCapabilities(p.messaging()), ourCapabilities(),
                setState("kept"), getState(), clearState(), getState(), report()));

        assertEquals("0", journal.only("caps").text("count"));
        assertEquals("kept", journal.all("state").getFirst().text("value"));
        assertTrue(journal.all("state").getLast().flag("none"));
    }

    @Test
    @DisplayName("K40 The blob of a message is still at hand after state was kept")
    void k40_keepingStateLosesNoBlob() {
        Probe p = node.probe("p").running();

        Entry blob = t.begin(p, script(setState("kept"), getBlob(), report()),
                Blob.of(Optional.of("text/plain"), "at hand".getBytes(StandardCharsets.UTF_8))).journal().only("blob");

        assertEquals("at hand", blob.text("bytes"));
        assertEquals("text/plain", blob.text("mime"));
    }

    @Test
    @Remark("which levels a person sees, in general and of one process, is tested where it is decided: by the terminal's `VerbosityTest`.")
    @DisplayName("K41 What a process prints is shown with the name of its package, at the level it gave")
    void k41_aPrintoutNamesThePackage() {
        Probe p = node.probe("p").running();

        t.ask(p, script(print(0, "x"), print(2, "y"), report()));

        assertEquals(List.of(TestNode.PACKAGE + ": x"), node.printouts().of(p, 0));
        assertEquals(List.of(TestNode.PACKAGE + ": y"), node.printouts().of(p, 2));
    }

    @Test
    @DisplayName("K42 A process that panics is reported with what it wrote to standard error; one that returns is not reported")
    void k42_aPanicIsReportedWithItsMessage() {
        Probe failing = node.probe("failing").wasi().running();
        Probe returning = node.probe("returning").running();

        t.tell(failing, script(panic("oops, said the guest")));
        t.tell(returning, script(exit()));

        assertTrue(node.printouts().line(failing, 0, "ended with error").text().contains("oops, said the guest"));
        node.printouts().line(returning, 1, "returned");
        node.awaitEnd(returning);
        assertEquals(List.of(), node.printouts().of(returning, 0));
    }

    @Test
    @DisplayName("K43 A process that writes 100 KB to standard error goes on, and its last lines are shown when it panics")
    void k43_standardErrorNeverOverflows() {
        Probe p = node.probe("p").wasi().running();

        Journal journal = t.ask(p, script(stderr(2000, 50), note("goes on"), report()));
        t.tell(p, script(panic("the last words")));

        assertEquals("true", journal.only("written").text("ok"));
        assertEquals("goes on", journal.only("note").text("text"));
        String shown = node.printouts().line(p, 0, "ended with error").text();
        assertTrue(shown.contains("line 2000") && shown.contains("the last words"), shown);
    }

    @Test
    @DisplayName("K44 Bytes that are no component are refused with a line, and the node goes on")
    void k44_garbageIsRefused() {
        for (byte[] garbage : List.of("no component".getBytes(StandardCharsets.UTF_8), CORE_MODULE)) {
            Probe p = new Probe(node.nobody());
            Definition definition = new Definition(p.id(), "", Optional.empty(), OnExit.NONE, List.of(), false);

            node.command(new KernelCommand.InitializeProcess(definition), garbage);
            node.command(new KernelCommand.RunProcess(p.id()));

            assertTrue(node.printouts().line(p, 0, "").text().contains(p.id().toString()));
        }
        assertTrue(t.journal(node.probe("p").running()).has("init"));
    }

    @Test
    @DisplayName("K45 Through WASI a process sees its own scratch drive, up to its quota, real clocks and random bytes; no "
            + "arguments, no environment but TEMP_DIR, no other files, no network")
    void k45_wasiShowsOnlyTheScratchDrive() throws IOException {
        Probe p = node.probe("p").wasi().running();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Journal journal = t.ask(p, script(Command.of("arguments"), Command.of("environment"), Command.of("preopens"),
                    Command.of("clocks"), Command.of("random").with("size", 16), Command.of("random").with("size", 16),
                    Command.of("write-file").with("path", "notes.txt").with("text", "scratch"),
                    Command.of("read-file").with("path", "notes.txt").with("size", 100),
                    Command.of("write-file").with("path", "huge").with("text", "x").with("at", BEYOND_QUOTA),
                    Command.of("tcp-connect").with("port", server.getLocalPort()), report()));

            assertEquals("0", journal.only("arguments").text("count"));
            assertEquals("1", journal.only("environment").text("count"));
            Entry variable = journal.only("variable");
            assertEquals("TEMP_DIR", variable.text("name"));
            assertEquals("1", journal.only("preopens").text("count"));
            assertEquals(journal.only("preopens").text("path"), variable.text("value"));
            assertEquals("scratch", journal.only("file-content").text("bytes"));
            assertEquals("scratch", Files.readString(node.home().resolve("vfs/" + TestNode.PACKAGE + "/tmp/notes.txt")));
            assertEquals(WASI_QUOTA, journal.only("file-error").number("error"));
            clocksAndRandomWork(journal);
            assertFalse(journal.has("tcp-connected"));
            assertEquals("create", journal.only("tcp-error").text("step"));
            server.setSoTimeout(1);
            assertThrows(SocketTimeoutException.class, server::accept);
        }
    }

    private static void clocksAndRandomWork(Journal journal) {
        Instant told = Instant.ofEpochSecond(journal.only("clocks").number("seconds"), journal.only("clocks").number("nanoseconds"));
        assertTrue(Duration.between(told, Instant.now()).abs().compareTo(Duration.ofMinutes(1)) < 0, told::toString);
        assertTrue(journal.only("clocks").number("monotonic") > 0);
        List<Entry> random = journal.all("random");
        assertEquals(16, random.getFirst().bytes("bytes").length);
        assertNotEquals(random.getFirst().text("bytes"), random.getLast().text("bytes"));
    }
}
