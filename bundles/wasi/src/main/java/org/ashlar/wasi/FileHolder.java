package org.ashlar.wasi;

import java.io.IOException;

/** A resource that keeps something of the host open until it is dropped. */
interface FileHolder {
    /** Lets go; a second call does nothing. Runs on a platform thread. */
    void release() throws IOException;
}
