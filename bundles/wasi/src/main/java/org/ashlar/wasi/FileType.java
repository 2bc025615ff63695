package org.ashlar.wasi;

/** {@code wasi:filesystem/types.descriptor-type}, in its order: the ordinal is what the guest sees. */
enum FileType {
    UNKNOWN, BLOCK_DEVICE, CHARACTER_DEVICE, DIRECTORY, FIFO, SYMBOLIC_LINK, REGULAR_FILE, SOCKET;

    /** Devices, pipes and sockets are unknown: the JDK does not tell them apart, and none can be opened here. */
    static FileType of(boolean regularFile, boolean directory, boolean link) {
        if (link) {
            return SYMBOLIC_LINK;
        }
        if (directory) {
            return DIRECTORY;
        }
        return regularFile ? REGULAR_FILE : UNKNOWN;
    }
}
