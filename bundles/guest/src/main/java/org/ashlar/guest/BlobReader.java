package org.ashlar.guest;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.ashlar.api.message.Blob;
import org.ashlar.api.process.GuestTrap;
import org.ashlar.api.wasm.WasmInterrupted;

/**
 * Brings a blob into the heap for a guest. One in a file is read on a platform thread while the guest's own is parked.
 *
 * @param files where files are read
 * @param limit the largest blob that a guest can take, in bytes: what it may have as memory
 */
record BlobReader(Executor files, long limit) {
    /** @throws GuestTrap when it is too large, or cannot be read */
    Blob inMemory(Blob blob) {
        if (blob.length() > limit) {
            throw new GuestTrap("the blob has " + blob.length() + " bytes, and the process may have " + limit
                    + " bytes of memory");
        }
        try {
            return switch (blob) {
                case Blob.InMemory inMemory -> inMemory;
                case Blob.InFile inFile -> Blob.of(inFile.mime(), read(inFile));
            };
        } catch (IOException | RejectedExecutionException e) {
            throw new GuestTrap("the blob cannot be read: " + e.getMessage());
        }
    }

    private byte[] read(Blob blob) throws IOException {
        CompletableFuture<byte[]> content = new CompletableFuture<>();
        files.execute(() -> {
            try {
                content.complete(blob.bytes());
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                content.completeExceptionally(e);
            }
        });
        try {
            return content.get();
        } catch (InterruptedException e) {
            throw new WasmInterrupted();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }
}
