package org.ashlar.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.store.FileStamp;
import org.ashlar.api.store.FileStore;
import org.ashlar.api.store.FileStore.Replacement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every provider of {@link FileStore} must keep. A subclass says how to open and close one. */
public abstract class FileStoreContract {
    private static final PackageId CHAT = PackageId.parse("chat:alice.os");
    private static final PackageId OTHER = PackageId.parse("other:bob.os");
    private static final String DRIVE = FileStore.PACKAGE_DRIVE;
    private static final int LIMIT = 1 << 20;

    private FileStore store;

    /** Opens the store under test: within a test always on the same folder, which is fresh for each test. */
    protected abstract FileStore openStore() throws Exception;

    /** Closes it as a departing bundle would. */
    protected abstract void closeStore(FileStore opened) throws Exception;

    @BeforeEach
    void openFirst() throws Exception {
        store = openStore();
    }

    @AfterEach
    void closeLast() throws Exception {
        closeStore(store);
    }

    /** What a crash leaves is what is on disk: nothing of it depends on a close. */
    private void reopen() throws Exception {
        closeStore(store);
        store = openStore();
    }

    @Test
    void aFileIsReadByEitherFormOfItsPath() throws Exception {
        Path folder = Files.createDirectories(store.drive(CHAT, DRIVE).resolve("ui/js"));
        Files.writeString(folder.resolve("a.js"), "content");
        assertEquals("content", read("/chat:alice.os/pkg/ui/js/a.js"));
        assertEquals("content", read("chat:alice.os/pkg/ui/js/a.js"));
        assertEquals("content", read("/chat:alice.os/pkg//ui/./css/../js/a.js"));
    }

    @Test
    void aStampIsEqualAsLongAsTheFileIs() throws Exception {
        Path file = Files.writeString(store.drive(CHAT, DRIVE).resolve("file"), "before");
        assertEquals(Optional.empty(), stamp("file"), "it was written just now");
        Files.writeString(store.drive(CHAT, DRIVE).resolve("other"), "before");
        FileStamp before = settled("file");
        assertEquals(before, stamp("file").orElseThrow());
        assertNotEquals(before, settled("other"));
        Files.writeString(file, "after ");
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        assertNotEquals(Optional.of(before), stamp("file"));
        assertEquals(Optional.empty(), stamp("none"));
        assertEquals(Optional.empty(), store.stamp("/chat:alice.os/pkg/../../x"));
    }

    private Optional<FileStamp> stamp(String name) {
        return store.stamp("/chat:alice.os/pkg/" + name);
    }

    private FileStamp settled(String name) throws Exception {
        for (int i = 0; i < 1_000; i++) {
            Optional<FileStamp> stamp = stamp(name);
            if (stamp.isPresent()) {
                return stamp.get();
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new AssertionError("nothing is told of " + name + ", though it does not change");
    }

    @Test
    void aMissingFileIsNamed() throws Exception {
        store.drive(CHAT, DRIVE);
        for (String path : List.of("/chat:alice.os/pkg/none", "/chat:alice.os/none/x", "/other:bob.os/pkg/x",
                "/chat:alice.os/pkg/none/deeper")) {
            NoSuchFileException missing = assertThrows(NoSuchFileException.class, () -> store.read(path, LIMIT), path);
            assertEquals(path, missing.getFile());
        }
    }

    @Test
    void noPathLeadsOutOfItsDrive() throws Exception {
        Files.writeString(store.drive(OTHER, DRIVE).resolve("secret"), "secret");
        Files.writeString(store.drive(CHAT, "tmp").resolve("mine"), "mine");
        store.drive(CHAT, DRIVE);
        for (String path : List.of("", "/", "/chat:alice.os", "/chat:alice.os/pkg", "/chat:alice.os/pkg/../tmp/mine",
                "/chat:alice.os/pkg/../../other:bob.os/pkg/secret", "/../vfs/other:bob.os/pkg/secret", "../etc/passwd",
                "/chat/pkg/x", "/a:b:c/pkg/x", "/Chat:alice.os/pkg/x", "/.staging/x/y", "/chat:alice.os/pkg/a\u0000b",
                "/chat:alice.os/pkg/..\\..\\x", "/chat:alice.os/pkg/" + "n".repeat(5000))) {
            assertThrows(IOException.class, () -> store.read(path, LIMIT), path);
        }
    }

    @Test
    void noLinkIsFollowed() throws Exception {
        Path secret = Files.writeString(store.drive(OTHER, DRIVE).resolve("secret"), "secret");
        Path drive = store.drive(CHAT, DRIVE);
        Files.createSymbolicLink(drive.resolve("file"), secret);
        Files.createSymbolicLink(drive.resolve("folder"), secret.getParent());
        for (String path : List.of("/chat:alice.os/pkg/file", "/chat:alice.os/pkg/folder/secret")) {
            IOException refused = assertThrows(IOException.class, () -> store.read(path, LIMIT), path);
            assertFalse(refused instanceof NoSuchFileException, path);
        }
    }

    @Test
    void whatIsLargerThanTheLimitOrNoFileIsRefused() throws Exception {
        Path drive = store.drive(CHAT, DRIVE);
        Files.write(drive.resolve("file"), new byte[100]);
        Files.createDirectory(drive.resolve("folder"));
        assertEquals(100, store.read("/chat:alice.os/pkg/file", 100).length);
        assertThrows(IOException.class, () -> store.read("/chat:alice.os/pkg/file", 99));
        assertThrows(IOException.class, () -> store.read("/chat:alice.os/pkg/folder", LIMIT));
    }

    @Test
    void aDrivesNameIsAName() {
        for (String name : List.of("", ".", "..", "a/b", "a\u0000", "n".repeat(300))) {
            assertThrows(IOException.class, () -> store.drive(CHAT, name), name);
            assertThrows(IOException.class, () -> store.remove(CHAT, name), name);
        }
    }

    @Test
    void aReplacementThatIsKeptStays() throws Exception {
        replaced("first").keep();
        Replacement second = replaced("second");
        assertEquals("second", read("/chat:alice.os/pkg/file"));
        second.keep();
        second.undo();
        assertEquals("second", read("/chat:alice.os/pkg/file"));
        reopen();
        assertEquals("second", read("/chat:alice.os/pkg/file"));
    }

    @Test
    void aReplacementThatIsUndoneBringsBackWhatWas() throws Exception {
        replaced("first").keep();
        Replacement second = replaced("second");
        second.undo();
        second.keep();
        assertEquals("first", read("/chat:alice.os/pkg/file"));
        reopen();
        assertEquals("first", read("/chat:alice.os/pkg/file"));
    }

    @Test
    void whereNothingWasUndoingLeavesNothing() throws Exception {
        replaced("first").undo();
        assertEquals(List.of(), store.packages());
        assertThrows(NoSuchFileException.class, () -> store.read("/chat:alice.os/pkg/file", LIMIT));
    }

    @Test
    void aReplacementThatACrashCutOffIsUndoneAtTheNextStart() throws Exception {
        replaced("first").keep();
        replaced("second");
        reopen();
        assertEquals("first", read("/chat:alice.os/pkg/file"));
        replaced("third").keep();
        assertEquals("third", read("/chat:alice.os/pkg/file"));
    }

    @Test
    void aFirstReplacementThatACrashCutOffLeavesNothing() throws Exception {
        replaced("first");
        reopen();
        assertEquals(List.of(), store.packages());
    }

    @Test
    void otherDrivesAreNotTouchedByAReplacement() throws Exception {
        Files.writeString(store.drive(CHAT, "tmp").resolve("mine"), "mine");
        replaced("first").keep();
        replaced("second").undo();
        assertEquals("mine", read("/chat:alice.os/tmp/mine"));
    }

    @Test
    void oneDriveIsReplacedOnceAtATime() throws Exception {
        Replacement first = replaced("first");
        assertThrows(IOException.class, () -> replaced("second"));
        first.keep();
        replaced("third").keep();
        assertEquals("third", read("/chat:alice.os/pkg/file"));
    }

    @Test
    void contentWithALinkInItIsRefusedAndChangesNothing() throws Exception {
        replaced("first").keep();
        Path content = store.staging();
        Files.createSymbolicLink(content.resolve("link"), store.drive(OTHER, DRIVE));
        assertThrows(IOException.class, () -> store.replace(CHAT, DRIVE, content));
        assertEquals("first", read("/chat:alice.os/pkg/file"));
        replaced("second").keep();
    }

    @Test
    void stagingFoldersAreFreshAndGoneAfterARestart() throws Exception {
        Path one = store.staging();
        assertNotEquals(one, store.staging());
        Files.writeString(one.resolve("left"), "x");
        reopen();
        assertFalse(Files.exists(one));
    }

    @Test
    void aRemovedDriveIsGoneAndRemovingNothingIsFine() throws Exception {
        replaced("first").keep();
        Files.writeString(store.drive(CHAT, "tmp").resolve("mine"), "mine");
        store.remove(CHAT, DRIVE);
        store.remove(CHAT, DRIVE);
        assertThrows(NoSuchFileException.class, () -> store.read("/chat:alice.os/pkg/file", LIMIT));
        assertEquals("mine", read("/chat:alice.os/tmp/mine"));
        assertEquals(List.of(), store.packages());
    }

    @Test
    void packagesAreThoseWithAPackageDriveInOrder() throws Exception {
        store.drive(PackageId.parse("zeta:a.os"), DRIVE);
        store.drive(CHAT, DRIVE);
        store.drive(OTHER, "tmp");
        assertEquals(List.of(CHAT, PackageId.parse("zeta:a.os")), store.packages());
    }

    @Test
    void everyByteSurvives() throws Exception {
        byte[] every = new byte[256];
        for (int i = 0; i < every.length; i++) {
            every[i] = (byte) i;
        }
        Files.write(store.drive(CHAT, DRIVE).resolve("bytes"), every);
        assertArrayEquals(every, store.read("/chat:alice.os/pkg/bytes", LIMIT));
        assertTrue(Files.isDirectory(store.drive(CHAT, DRIVE)));
    }

    private Replacement replaced(String content) throws IOException {
        Path folder = store.staging();
        Files.writeString(folder.resolve("file"), content);
        return store.replace(CHAT, DRIVE, folder);
    }

    private String read(String path) throws IOException {
        return new String(store.read(path, LIMIT), UTF_8);
    }
}
