package org.ashlar.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Instant;
import java.util.Optional;
import org.ashlar.api.store.FileStamp;
import org.junit.jupiter.api.Test;

class ComponentFilesTest {
    private static final String PATH = "app:test.os/pkg/app.wasm";

    private final OneFile file = new OneFile();
    private final Images images = new Images();
    private final ComponentFiles components = new ComponentFiles(images);

    @Test
    void aFileThatIsTheSameIsReadOnce() throws Exception {
        byte[] first = components.read(file, PATH);
        assertSame(first, components.read(file, PATH));
        assertEquals(1, file.reads);
    }

    @Test
    void aFileThatChangedIsReadAgain() throws Exception {
        byte[] first = components.read(file, PATH);
        file.becomes("after ", stamp(2));
        byte[] second = components.read(file, PATH);
        assertArrayEquals("after ".getBytes(), second);
        assertNotSame(first, second);
    }

    @Test
    void aFileOfWhichNothingIsKnownIsReadEachTimeAndItsContentKeptOnce() throws Exception {
        file.becomes("before", Optional.empty());
        byte[] first = components.read(file, PATH);
        assertSame(first, components.read(file, PATH));
        assertEquals(2, file.reads);
    }

    @Test
    void equalContentOfTwoFilesIsOneArray() throws Exception {
        assertSame(components.read(file, PATH), components.read(file, "app:test.os/pkg/other.wasm"));
        assertSame(images.shared("before".getBytes()), components.read(file, PATH));
    }

    private static Optional<FileStamp> stamp(long inode) {
        return Optional.of(new FileStamp(1, inode, 6, Instant.EPOCH));
    }

    private static final class OneFile extends ScriptedFiles {
        private Optional<FileStamp> stamp = ComponentFilesTest.stamp(1);
        private String content = "before";
        private int reads;

        OneFile() {
            super(true);
        }

        void becomes(String now, Optional<FileStamp> changed) {
            content = now;
            stamp = changed;
        }

        @Override
        public byte[] read(String path, int limit) {
            reads++;
            return content.getBytes();
        }

        @Override
        public Optional<FileStamp> stamp(String path) {
            return stamp;
        }
    }
}
