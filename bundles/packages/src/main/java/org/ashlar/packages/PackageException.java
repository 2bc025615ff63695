package org.ashlar.packages;

/** A package cannot be read, installed or removed; nothing has changed. The message is one line for a person. */
final class PackageException extends Exception {
    private static final long serialVersionUID = 1L;

    PackageException(String message) {
        super(message);
    }

    PackageException(String message, Throwable cause) {
        super(message, cause);
    }
}
