package org.ashlar.wasi;

import java.util.concurrent.locks.LockSupport;

import org.ashlar.api.wasm.WasmInterrupted;

/**
 * How a guest's thread waits: in {@code poll} for a point in time, and for file work that runs on another thread. The
 * embedder's own one lets it end a wait when the guest has to give way.
 */
@FunctionalInterface
public interface Parker {
    /**
     * Parks the calling thread, a guest's, as {@link LockSupport#parkNanos(long)} does: until the time is over, the thread
     * is unparked, or for no reason. The caller checks what it waits for and parks again.
     * <p>
     * Whatever it throws ends the guest and reaches the embedder unchanged, so that is how to stop a guest that waits:
     * make a note of it, unpark the thread, and throw here.
     *
     * @param nanos nanoseconds, above zero; {@link Long#MAX_VALUE} for no end
     */
    void park(long nanos);

    /**
     * Throws {@link WasmInterrupted} as soon as the thread is interrupted, which stays so marked. No file is touched by the
     * interrupt: file work runs on other threads.
     */
    static Parker interruptible() {
        return nanos -> {
            // parkNanos returns at once when the thread is interrupted, before or while it is parked.
            LockSupport.parkNanos(nanos);
            if (Thread.currentThread().isInterrupted()) {
                throw new WasmInterrupted();
            }
        };
    }
}
