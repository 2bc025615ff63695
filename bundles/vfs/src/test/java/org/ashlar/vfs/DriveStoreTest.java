package org.ashlar.vfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.store.FileStore;
import org.ashlar.tck.FileStoreContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriveStoreTest extends FileStoreContract {
    private static final PackageId CHAT = PackageId.parse("chat:alice.os");
    private static final Usage QUOTA = new Usage(1 << 30, 1000);

    @TempDir
    Path home;
    @TempDir
    Path other;

    @Override
    protected FileStore openStore() {
        return new DriveStore(home, QUOTA);
    }

    @Override
    protected void closeStore(FileStore opened) {
        ((DriveStore) opened).close();
    }

    @Test
    void drivesAreTheirOwnersAlone() throws Exception {
        DriveStore store = new DriveStore(other, QUOTA);
        Path drive = store.drive(CHAT, "tmp");
        for (Path folder = drive; !folder.equals(other); folder = folder.getParent()) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
        }
        store.close();
    }

    /**
     * Each moment at which a crash can cut off a replacement or its undoing, laid out by hand: what the record says is
     * there afterwards.
     */
    @Test
    void everyMomentOfACrashEndsInTheFormerDrive() throws Exception {
        for (String moment : List.of("nothing moved", "old moved", "both moved", "new gone again", "old back again")) {
            Path vfs = Files.createDirectories(other.resolve(moment).resolve("vfs"));
            Path record = Files.createDirectories(vfs.resolve(".undo/undo1"));
            Files.writeString(record.resolve("target"), "chat:alice.os/pkg\nwas there\n");
            Path drive = vfs.resolve("chat:alice.os/pkg");
            Files.createDirectories(drive.getParent());
            boolean inPlace = moment.equals("nothing moved") || moment.equals("old back again");
            folder(inPlace ? drive : record.resolve("old"), "old");
            if (moment.equals("both moved")) {
                folder(drive, "new");
            }
            DriveStore store = new DriveStore(vfs.getParent(), QUOTA);
            assertEquals("old", new String(store.read("/chat:alice.os/pkg/file", 100)), moment);
            assertNothingIsLeft(vfs);
            store.close();
        }
    }

    @Test
    void aCrashBeforeAFirstDriveWasMovedInLeavesNothing() throws Exception {
        Path vfs = Files.createDirectories(other.resolve("vfs"));
        Path record = Files.createDirectories(vfs.resolve(".undo/undo1"));
        Files.writeString(record.resolve("target"), "chat:alice.os/pkg\nwas not there\n");
        DriveStore store = new DriveStore(other, QUOTA);
        assertEquals(List.of(), store.packages());
        assertNothingIsLeft(vfs);
        store.close();
    }

    @Test
    void aDamagedRecordStopsTheStoreAndTouchesNothing() throws Exception {
        Path vfs = Files.createDirectories(other.resolve("vfs"));
        Path record = Files.createDirectories(vfs.resolve(".undo/undo1"));
        Files.writeString(record.resolve("target"), "../../etc\nwas there\n");
        RuntimeException refused = assertThrows(RuntimeException.class, () -> new DriveStore(other, QUOTA));
        assertTrue(refused.getMessage().contains("leads out") || refused.getMessage().contains("no drive"), refused.getMessage());
        assertTrue(Files.exists(record.resolve("target")));
        Files.writeString(record.resolve("target"), "chat:alice.os/pkg\nwas not there\n");
        new DriveStore(other, QUOTA).close();
    }

    private static void folder(Path folder, String content) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("file"), content);
    }

    private static void assertNothingIsLeft(Path vfs) throws IOException {
        for (String folder : List.of(".undo", ".staging")) {
            try (Stream<Path> left = Files.list(vfs.resolve(folder))) {
                assertEquals(List.of(), left.toList());
            }
        }
        assertFalse(Files.exists(vfs.resolve("chat:alice.os/pkg/old")));
    }
}
