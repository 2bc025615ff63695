package org.ashlar.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
    private static final Duration SHORT = Duration.ofMillis(60);

    @TempDir
    Path folder;

    @Test
    void aSecondHolderWaitsForTheFirst() throws Exception {
        FolderLock first = FolderLock.take(folder, SHORT);
        CompletableFuture<FolderLock> second = CompletableFuture.supplyAsync(() -> {
            try {
                return FolderLock.take(folder, Duration.ofSeconds(10));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        Thread.sleep(100);
        assertFalse(second.isDone());
        first.close();
        second.get(5, TimeUnit.SECONDS).close();
    }

    @Test
    void aCopyOfTheClassInAnotherLoaderIsKeptOutToo() throws Exception {
        FolderLock held = FolderLock.take(folder, SHORT);
        URL classes = FolderLock.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader other = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
            Method take = other.loadClass(FolderLock.class.getName()).getMethod("take", Path.class, Duration.class);
            Exception refused = assertThrows(Exception.class, () -> take.invoke(null, folder, SHORT));
            assertTrue(refused.getCause().getMessage().contains("still open in this process"), refused.getCause().getMessage());
            held.close();
            ((AutoCloseable) take.invoke(null, folder, SHORT)).close();
        }
    }

    @Test
    void anotherNameForTheFolderIsTheSameFolder() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
        try (FolderLock held = FolderLock.take(folder, SHORT)) {
            assertThrows(IOException.class, () -> FolderLock.take(link, SHORT));
        }
    }

    @Test
    void aMissingFolderLeavesNoLockBehind() throws Exception {
        Path missing = folder.resolve("missing");
        assertThrows(IOException.class, () -> FolderLock.take(missing, SHORT));
        Files.createDirectory(missing);
        FolderLock.take(missing, SHORT).close();
        assertEquals(0, System.getProperties().stringPropertyNames().stream().filter(p -> p.contains("missing")).count());
    }
}
