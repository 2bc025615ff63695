package org.ashlar.wasi;

import java.io.IOException;

/** {@code wasi:filesystem/types.descriptor}. All methods but {@link #flags} do file work: on a platform thread. */
sealed interface Descriptor permits FileDescriptor, DirectoryDescriptor {
    long READ = 1;
    long WRITE = 1 << 1;
    long FILE_INTEGRITY_SYNC = 1 << 2;
    long DATA_INTEGRITY_SYNC = 1 << 3;
    long MUTATE_DIRECTORY = 1 << 5;

    /** The {@code descriptor-flags} that it was opened with. */
    long flags();

    FileType type();

    FileStat stat() throws IOException, FileError;

    void setTimes(NewTimes times) throws IOException, FileError;

    /** Returns when what was changed is on stable storage. */
    void sync(boolean metadata) throws IOException, FileError;

    /** Keeps guests from working back from a metadata hash to what went into it. */
    byte[] secret();
}
