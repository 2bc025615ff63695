package org.ashlar.vfs;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandlesTest {
    private static final DrivePath DRIVE = new DrivePath(PackageId.parse("chat:alice.os"), "files", List.of());

    @TempDir
    Path folder;
    private final Queue<FileChannel> opened = new ConcurrentLinkedQueue<>();
    private final Handles handles = new Handles(path -> {
        FileChannel file = FileChannel.open(folder.resolve(path.name()), CREATE, READ, WRITE);
        opened.add(file);
        return file;
    });

    private Handle open(int number) {
        try {
            return handles.get(ProcessId.parse("p" + number % 8 + ":chat:alice.os"), DRIVE.child(Integer.toString(number)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFileThatWasInUseWhenItsTurnCameIsClosedLater() throws Exception {
        handles.use(open(0), file -> {
            CompletableFuture.runAsync(() -> {
                for (int i = 1; i <= Handles.OPEN; i++) {
                    open(i);
                }
            }).join();
            assertTrue(file.isOpen());
            return null;
        });
        for (int i = 1; i <= Handles.OPEN; i++) {
            handles.use(open(i), file -> null);
        }
        assertEquals(Handles.OPEN, opened.stream().filter(FileChannel::isOpen).count());
        handles.closeAll();
        assertEquals(0, opened.stream().filter(FileChannel::isOpen).count());
    }
}
