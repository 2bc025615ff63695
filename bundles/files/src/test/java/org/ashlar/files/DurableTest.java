package org.ashlar.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableTest {
    @TempDir
    Path folder;

    @Test
    void filesAndFoldersAreTheirOwnersAlone() throws Exception {
        Path deep = folder.resolve("a/b/c");
        Durable.createFolder(deep);
        Durable.createFolder(deep);
        Durable.write(deep.resolve("file"), new byte[] {1});
        assertEquals(Durable.OWNER_FOLDER, Files.getPosixFilePermissions(deep.getParent()));
        assertEquals(Durable.OWNER_FILE, Files.getPosixFilePermissions(deep.resolve("file")));
    }

    @Test
    void aWriteReplacesWhole() throws Exception {
        Path file = folder.resolve("file");
        Files.writeString(folder.resolve("file.new"), "left by a crash");
        Durable.write(file, new byte[100]);
        Durable.write(file, new byte[3]);
        assertEquals(3, Files.size(file));
        assertFalse(Files.exists(folder.resolve("file.new")));
    }

    @Test
    void aDeletionFollowsNoLink() throws Exception {
        Path kept = Files.writeString(Files.createDirectory(folder.resolve("kept")).resolve("file"), "x");
        Path tree = Files.createDirectories(folder.resolve("tree/below"));
        Files.createSymbolicLink(tree.resolve("link"), kept.getParent());
        Durable.deleteTree(folder.resolve("tree"));
        Durable.deleteTree(folder.resolve("tree"));
        assertFalse(Files.exists(folder.resolve("tree")));
        assertTrue(Files.exists(kept));
    }

    @Test
    void aTreeWithALinkInItIsRefused() throws Exception {
        Path tree = Files.createDirectories(folder.resolve("tree/below"));
        Files.writeString(tree.resolve("file"), "x");
        Durable.syncTree(folder.resolve("tree"));
        Files.createSymbolicLink(tree.resolve("link"), folder);
        assertThrows(IOException.class, () -> Durable.syncTree(folder.resolve("tree")));
    }

    @Test
    void manyMayMakeOneFolderAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 100; i++) {
                Path deep = folder.resolve("many-" + i).resolve("deep");
                CountDownLatch go = new CountDownLatch(1);
                List<Future<?>> makers = new ArrayList<>();
                for (int maker = 0; maker < 8; maker++) {
                    makers.add(threads.submit(() -> {
                        go.await();
                        Durable.createFolder(deep);
                        return null;
                    }));
                }
                go.countDown();
                for (Future<?> maker : makers) {
                    maker.get();
                }
            }
        }
    }
}
