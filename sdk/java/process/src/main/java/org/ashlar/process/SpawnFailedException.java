package org.ashlar.process;

/** A child process could not be started. */
public final class SpawnFailedException extends RuntimeException {

    /** Why, in the order of the interface's enum. */
    public enum Reason {
        /** A process of that name runs already. */
        NAME_TAKEN,
        /** There is no such file, or we may not read it. */
        NO_FILE_AT_PATH
    }

    private final Reason reason;

    SpawnFailedException(String wasmPath, Reason reason) {
        super(reason == Reason.NAME_TAKEN
                ? "cannot spawn from " + wasmPath + ": the name is taken"
                : "cannot spawn from " + wasmPath + ": no such file, or no capability to read it");
        this.reason = reason;
    }

    /** Why the node refused. */
    public Reason reason() {
        return reason;
    }
}
