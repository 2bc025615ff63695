package org.ashlar.guest;

import java.util.concurrent.Executor;
import org.ashlar.wasi.Drives;

/**
 * What all guests of a runtime share.
 *
 * @param files       where file work is done
 * @param drives      one drive a scratch folder, with its quota
 * @param blobs       brings blobs into the heap
 * @param memory      what all guests may have together
 * @param memoryLimit what a guest may have as memory and tables, in bytes
 */
record Surroundings(Executor files, Drives drives, BlobReader blobs, NodeMemory memory, long memoryLimit) {
    Surroundings(Executor files, Drives drives, NodeMemory memory, long memoryLimit) {
        this(files, drives, new BlobReader(files, memoryLimit), memory, memoryLimit);
    }
}
