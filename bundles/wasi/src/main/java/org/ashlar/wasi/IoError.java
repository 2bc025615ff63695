package org.ashlar.wasi;

/** {@code wasi:io/error.error}: why an operation on a stream failed. */
record IoError(ErrorCode code, String message) {
}
