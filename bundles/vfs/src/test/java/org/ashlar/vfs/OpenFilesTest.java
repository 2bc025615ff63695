package org.ashlar.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.ashlar.vfs.VfsRig.DRIVE;
import static org.ashlar.vfs.VfsRig.OK;
import static org.ashlar.vfs.VfsRig.OWN;
import static org.ashlar.vfs.VfsRig.error;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.codec.VfsAction;
import org.ashlar.codec.VfsRequest;
import org.ashlar.senders.Departures;
import org.ashlar.tck.RecordedReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that processes have open: how many, and what becomes of them when they are used no more, or by a successor. */
class OpenFilesTest {
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

    @Test
    void aProcessHasSoManyFilesOpenAndNoMore() throws Exception {
        for (int i = 0; i < Handles.PER_PROCESS; i++) {
            assertEquals(OK, vfs.ask(DRIVE + "/" + i, new VfsAction.OpenFile(true)));
        }
        assertTrue(error(vfs.ask(FILE, new VfsAction.OpenFile(true))).contains("CloseFile"));
        assertEquals(OK, vfs.ask(DRIVE + "/0", new VfsAction.CloseFile()));
        assertEquals(OK, vfs.ask(FILE, new VfsAction.OpenFile(true)));
    }

    /** More files than are really open at a time: those closed in between go on where they were. */
    @Test
    void cursorsOutliveTheFileBehindThem() throws Exception {
        int files = 200;
        List<String> processes = List.of("one:chat:alice.os", "two:chat:alice.os", "three:chat:alice.os");
        for (int i = 0; i < files; i++) {
            vfs.ask(DRIVE + "/" + i, new VfsAction.Write(), "ab" + i);
        }
        for (String process : processes) {
            for (int i = 0; i < files; i++) {
                vfs.ask(process, DRIVE + "/" + i, new VfsAction.ReadExact(2), Optional.empty());
            }
        }
        assertEquals(processes.size() * files, vfs.process().handles().count());
        assertTrue(openFiles(vfs.host(DRIVE)) <= Handles.OPEN);
        for (String process : processes) {
            for (int i = 0; i < files; i++) {
                assertEquals(Integer.toString(i), vfs.ask(process, DRIVE + "/" + i, new VfsAction.ReadToEnd(), Optional.empty()).text());
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
