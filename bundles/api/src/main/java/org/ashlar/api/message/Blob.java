package org.ashlar.api.message;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * Bytes that travel beside a message. Immutable: whoever makes one must not change what it holds afterwards.
 */
public sealed interface Blob {
    /** MIME type of the content; not checked. */
    Optional<String> mime();

    /** Length in bytes. */
    long length();

    /** Writes the whole content. @throws IOException as {@code out} or the file behind this blob does */
    void copyTo(OutputStream out) throws IOException;

    /**
     * The content in the heap; not to be modified. A blob in a file is read, so not on a virtual thread.
     *
     * @throws IOException when the file cannot be read or is larger than an array may be
     */
    byte[] bytes() throws IOException;

    static Blob of(Optional<String> mime, byte[] bytes) {
        return new InMemory(mime, bytes);
    }

    static Blob of(byte[] bytes) {
        return new InMemory(Optional.empty(), bytes);
    }

    /** A blob whose content stays in {@code file}, which must not change while the blob is in use. */
    static Blob of(Optional<String> mime, Path file) throws IOException {
        return new InFile(mime, file, Files.size(file));
    }

    /** A blob in the heap. */
    record InMemory(Optional<String> mime, byte[] bytes) implements Blob {
        public InMemory {
            Objects.requireNonNull(bytes, "bytes");
        }

        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public void copyTo(OutputStream out) throws IOException {
            out.write(bytes);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof InMemory that && mime.equals(that.mime) && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    /** A blob in a file. */
    record InFile(Optional<String> mime, Path file, long length) implements Blob {
        @Override
        public void copyTo(OutputStream out) throws IOException {
            Files.copy(file, out);
        }

        @Override
        public byte[] bytes() throws IOException {
            return Files.readAllBytes(file);
        }
    }
}
