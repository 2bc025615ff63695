package org.ashlar.wasi;

/** Every bound of this module on what one guest can ask for; the README says what happens at each. */
final class Limits {
    /** Files, directories and directory listings that one instance may hold open. */
    static final int OPEN_FILES = 128;
    /** Resources of all kinds (streams, pollables, errors, descriptors, …) that one instance may hold. */
    static final int RESOURCES = 4096;
    /** Bytes that one read returns; a guest that asks for more gets fewer. */
    static final int READ = 1 << 20;
    /** Bytes of one {@code descriptor.write}; more are not written, and the guest is told how many were. */
    static final int WRITE = 1 << 20;
    /** Bytes that {@code check-write} permits. */
    static final int STREAM_PERMIT = 64 << 10;
    /** Bytes of one blocking write, as the interface itself says. */
    static final int BLOCKING_WRITE = 4096;
    /** Bytes of one request for randomness. */
    static final int RANDOM = 1 << 20;
    /** Pollables of one {@code poll}. */
    static final int POLL = 1024;
    /** Bytes of a path, the host's folder included (Linux: PATH_MAX less its final zero). */
    static final int PATH = 4095;
    /** Bytes of one name in a path (Linux: NAME_MAX). */
    static final int NAME = 255;
    /** Symbolic links followed in one path (Linux: MAXSYMLINKS). */
    static final int LINKS = 40;
    /** Names looked at for one path, those in the links on the way included. */
    static final int PATH_STEPS = 4096;
    /** Directory entries fetched from the host at once. */
    static final int ENTRIES_AT_ONCE = 64;
    /** Entries of a drive that a measurement of its use looks at; a drive with more is taken for full. */
    static final int MEASURED_ENTRIES = 1_000_000;
    /** Bytes of arguments and environment together. */
    static final int ENVIRONMENT = 64 << 10;

    private Limits() {
    }
}
