package org.ashlar.wasi;

/** Where a guest's standard output or standard error goes. */
@FunctionalInterface
public interface OutputSink {
    /**
     * Takes bytes that the guest wrote. Called on the guest's thread, which waits; it neither blocks nor fails.
     *
     * @param bytes at most 64 KiB, the receiver's own
     */
    void write(byte[] bytes);

    /** Takes anything and keeps nothing. */
    static OutputSink discard() {
        return _ -> { };
    }
}
