package org.ashlar.wasi;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Map;

/** File work that failed, with the code that the guest gets. Without a stack trace: guests cause these by the million. */
final class FileError extends Exception {
    private static final long serialVersionUID = 1L;

    /** The C library's English texts, as the JDK gives no number; in another language the code is {@code io}. */
    private static final Map<String, ErrorCode> REASONS = Map.of(
            "No space left on device", ErrorCode.INSUFFICIENT_SPACE,
            "Disk quota exceeded", ErrorCode.QUOTA,
            "File name too long", ErrorCode.NAME_TOO_LONG,
            "File too large", ErrorCode.FILE_TOO_LARGE,
            "Is a directory", ErrorCode.IS_DIRECTORY,
            "Not a directory", ErrorCode.NOT_DIRECTORY,
            "Read-only file system", ErrorCode.READ_ONLY,
            "Operation not permitted", ErrorCode.NOT_PERMITTED,
            "Too many open files", ErrorCode.INSUFFICIENT_MEMORY,
            "Invalid argument", ErrorCode.INVALID);

    private final ErrorCode code;

    FileError(ErrorCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    ErrorCode code() {
        return code;
    }

    /** What the host's own error means to a guest; the host's paths do not show. */
    static FileError of(IOException cause) {
        ErrorCode code = switch (cause) {
            case NoSuchFileException _ -> ErrorCode.NO_ENTRY;
            case FileAlreadyExistsException _ -> ErrorCode.EXIST;
            case DirectoryNotEmptyException _ -> ErrorCode.NOT_EMPTY;
            case NotDirectoryException _ -> ErrorCode.NOT_DIRECTORY;
            case AccessDeniedException _ -> ErrorCode.ACCESS;
            case FileSystemLoopException _ -> ErrorCode.LOOP;
            case FileSystemException e when e.getReason() != null -> REASONS.getOrDefault(e.getReason(), ErrorCode.IO);
            default -> REASONS.getOrDefault(String.valueOf(cause.getMessage()), ErrorCode.IO);
        };
        return new FileError(code, "file error: " + code.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
    }
}
