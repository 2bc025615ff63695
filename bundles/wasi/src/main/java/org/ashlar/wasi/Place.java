package org.ashlar.wasi;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a guest's path leads: the names from the drive's folder on, each but the last a directory and no link.
 *
 * @param host            the same on the host
 * @param stat            what is there, if anything
 * @param base            whether it is the directory that the path started from
 * @param asDirectory     whether the path was written as that of a directory, with a slash at its end
 */
record Place(List<String> names, Path host, Optional<FileStat> stat, boolean base, boolean asDirectory) {
    /** What is there. */
    FileStat required() throws FileError {
        return stat.orElseThrow(() -> new FileError(ErrorCode.NO_ENTRY, "no such file or directory"));
    }

    /** Makes sure that it has a name in a directory, to be given to something, taken away or changed. */
    Place named() throws FileError {
        if (base) {
            throw new FileError(ErrorCode.INVALID, "the directory itself");
        }
        return this;
    }

    /** Makes sure that nothing is there. */
    void free() throws FileError {
        if (stat.isPresent()) {
            throw new FileError(ErrorCode.EXIST, "something of that name exists");
        }
    }
}
