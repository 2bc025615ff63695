package org.ashlar.durability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

/** Would a trace show a missing sync? Lines as {@code strace} 6.1 writes them. */
class TraceTest {
    private static final String WRITE = "7 1.000001 pwrite64(79</h/store/log>, \"\\0mark\\\"(\", 7, 24) = 7";
    private static final String SYNC = "7 1.000002 fdatasync(79</h/store/log>) = 0 (DELAYED)";
    private static final String ANSWER = "9 1.000009 write(83<socket:[305586]>, \"\\20\\0\\0\\0\\4kept\", 9) = 9";

    private static Set<String> missing(String... lines) {
        Trace trace = Trace.of(List.of(lines));
        return trace.diskAt(trace.answer("kept")).notSynced(path -> true);
    }

    @Test
    void whatIsWrittenAndSyncedBeforeTheAnswerIsOnDisk() {
        assertEquals(Set.of(), missing(WRITE, SYNC, ANSWER));
    }

    @Test
    void aMissingSyncIsSeen() {
        assertEquals(Set.of("content of /h/store/log"), missing(WRITE, ANSWER));
    }

    @Test
    void aSyncAfterTheAnswerDoesNotCount() {
        assertEquals(Set.of("content of /h/store/log"), missing(WRITE, ANSWER, SYNC));
    }

    @Test
    void aSyncBeforeTheWriteDoesNotCount() {
        assertEquals(Set.of("content of /h/store/log"), missing(SYNC, WRITE, ANSWER));
    }

    @Test
    void aSyncThatHadBegunWhenTheWriteEndedDoesNotCount() {
        assertEquals(Set.of("content of /h/store/log"), missing("8 1.0 fsync(79</h/store/log> <unfinished ...>", WRITE,
                "8 1.1 <... fsync resumed>) = 0", ANSWER));
    }

    @Test
    void aSyncThatHasNotEndedWhenTheAnswerIsGivenDoesNotCount() {
        assertEquals(Set.of("content of /h/store/log"), missing(WRITE, "7 1.0 fsync(79</h/store/log> <unfinished ...>", ANSWER,
                "7 1.1 <... fsync resumed>) = 0"));
    }

    @Test
    void aFailedSyncDoesNotCount() {
        assertEquals(Set.of("content of /h/store/log"),
                missing(WRITE, "7 1.0 fsync(79</h/store/log>) = -1 EIO (Input/output error) (INJECTED)", ANSWER));
    }

    @Test
    void theSyncOfAnotherFileDoesNotCount() {
        assertEquals(Set.of("content of /h/store/log"), missing(WRITE, "7 1.0 fsync(80</h/store/db>) = 0", ANSWER));
    }

    @Test
    void aNewFileNeedsASyncOfItsFolderToo() {
        String made = "7 1.0 openat(AT_FDCWD</>, \"/h/new\", O_WRONLY|O_CREAT|O_EXCL, 0600) = 80</h/new>";
        assertEquals(Set.of("name /h/new"), missing(made, "7 1.0 fsync(80</h/new>) = 0", ANSWER));
        assertEquals(Set.of(), missing(made, "7 1.0 fsync(81</h>) = 0", ANSWER));
    }

    @Test
    void anExistingFileThatIsOpenedNeedsNone() {
        String opened = "7 1.0 openat(AT_FDCWD</>, \"/h/file\", O_RDWR|O_CREAT, 0600) = 80</h/file>";
        assertEquals(Set.of(), missing(opened, "7 1.0 fsync(81</h>) = 0", opened, ANSWER));
    }

    @Test
    void aMoveTakesWhatIsNotSyncedAlongAndNeedsBothFolders() {
        String move = "7 1.0 renameat(12</h/staging>, \"new\", AT_FDCWD</>, \"/h/vfs/pkg\") = 0";
        assertEquals(Set.of("content of /h/vfs/pkg/file", "name /h/staging/new", "name /h/vfs/pkg"),
                missing("7 1.0 write(80</h/staging/new/file>, \"x\", 1) = 1", move, ANSWER));
        assertEquals(Set.of("name /h/staging/new"), missing(move, "7 1.0 fsync(81</h/vfs>) = 0", ANSWER));
        assertEquals(Set.of(), missing(move, "7 1.0 fsync(81</h/vfs>) = 0", "7 1.0 fsync(81</h/staging>) = 0", ANSWER));
    }

    @Test
    void aDeletionNeedsASyncOfTheFolder() {
        assertEquals(Set.of("name /h/file"), missing("7 1.0 unlink(\"/h/file\") = 0", ANSWER));
    }

    @Test
    void aCallInTwoPartsIsOneCall() {
        Trace trace = Trace.of(List.of("7 1.0 openat(AT_FDCWD</tmp>, \"a\", O_RDWR|O_CREAT, 0644 <unfinished ...>", SYNC,
                "7 1.1 <... openat resumed>) = 70</tmp/a>"));
        Call open = trace.calls().getLast();
        assertEquals(new Call("openat", open.text(), 0, 2, Optional.empty(), List.of(Path.of("/tmp/a"))), open);
    }

    @Test
    void onlyWhatEndedBeforeTheAnswerWasWrittenBeforeIt() {
        Trace trace = Trace.of(List.of(WRITE, ANSWER, WRITE.replace("mark", "late")));
        assertEquals(1, trace.writes("mark", "/store/log", trace.answer("kept")).size());
        assertEquals(0, trace.writes("late", "/store/log", trace.answer("kept")).size());
        assertEquals(0, trace.writes("mark", "/store/db", trace.answer("kept")).size());
    }

    @Test
    void anAnswerThatNeverCameIsToldAsSuch() {
        assertThrows(AssertionFailedError.class, () -> Trace.of(List.of(WRITE, SYNC)).answer("kept"));
    }

    @Test
    void whatIsNoCallIsPassedOver() {
        assertEquals(List.of(), Trace.of(List.of("7 1.0 --- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_ACCERR} ---",
                "7 1.0 +++ exited with 0 +++")).calls());
    }
}
