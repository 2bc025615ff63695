package org.ashlar.repository;

/** Bytes that were read are not what was written, or were never well formed. */
public final class DamagedException extends RepositoryException {
    private static final long serialVersionUID = 1L;

    public DamagedException(String message) {
        super(message);
    }

    public DamagedException(String message, Throwable cause) {
        super(message, cause);
    }
}
