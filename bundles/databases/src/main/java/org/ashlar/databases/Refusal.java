package org.ashlar.databases;

import org.ashlar.codec.DatabaseError;

/** A Request is answered with an error; nothing has changed. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient DatabaseError error;

    public Refusal(DatabaseError error) {
        super(error.toString(), null, false, false);
        this.error = error;
    }

    /** For a person. */
    public static Refusal because(String reason) {
        return new Refusal(new DatabaseError.IoError(reason));
    }

    public DatabaseError error() {
        return error;
    }
}
