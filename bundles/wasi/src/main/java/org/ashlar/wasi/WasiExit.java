package org.ashlar.wasi;

/**
 * A guest that called {@code exit}: unwinds it, and reaches the embedder unchanged. Success is an ordinary end of the guest,
 * failure is to be treated as a trap. Without a stack trace: it is control flow.
 */
public final class WasiExit extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param status 0 for success, up to 255 */
    public WasiExit(int status) {
        super(status == 0 ? "the guest exited" : "the guest exited with status " + status, null, false, false);
        this.status = status;
    }

    public boolean success() {
        return status == 0;
    }

    public int status() {
        return status;
    }
}
