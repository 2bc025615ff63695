package org.ashlar.wasi;

/** {@code stream-error.closed}: a stream that is at its end, or has failed before. */
final class StreamClosed extends Exception {
    private static final long serialVersionUID = 1L;

    StreamClosed() {
        super("the stream is closed", null, false, false);
    }
}
