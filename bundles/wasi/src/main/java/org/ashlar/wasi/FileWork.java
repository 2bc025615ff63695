package org.ashlar.wasi;

import java.io.IOException;

/** Work on files; runs on a platform thread. */
@FunctionalInterface
interface FileWork<T> {
    T run() throws IOException, FileError;
}
