package org.ashlar.api.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.PackageId;

/**
 * The files of packages: each package has drives, folders under {@code vfs/<package>:<publisher>/<drive>}.
 * <p>
 * Every method does file I/O on the calling thread: call it from a platform thread. Paths are checked: none leads out of
 * its drive, by {@code ..} or by a symbolic link.
 */
public interface FileStore {
    /** The drive that holds the package itself. */
    String PACKAGE_DRIVE = "pkg";
    /** The drive a guest sees through WASI. */
    String SCRATCH_DRIVE = "tmp";

    /**
     * Reads a whole file.
     *
     * @param path  {@code /package:publisher/drive/file…}; the leading slash may be missing
     * @param limit largest size to read, in bytes
     * @throws NoSuchFileException when there is no such file
     * @throws IOException         when the path is malformed or leads out of its drive, the file is larger, or cannot be read
     */
    byte[] read(String path, int limit) throws IOException;

    /**
     * Looks at a file without opening it, which is much cheaper than to read it: what was read after a stamp was taken is
     * what is there as long as the stamp is equal.
     *
     * @param path as for {@link #read}
     * @return empty when nothing can be told: there is no such file, or it was changed less than two seconds ago, so that
     *         another change may leave no trace in a clock as coarse as that of a file system
     */
    Optional<FileStamp> stamp(String path);

    /** The folder of a drive, made if missing, readable by its owner alone. */
    Path drive(PackageId owner, String name) throws IOException;

    /**
     * Puts a folder in the place of a drive, which is set aside until the replacement is kept or undone. Durable when it
     * returns; after a crash in between, the next start of the store undoes it.
     *
     * @param content a folder on the same file system (see {@link #staging}); moved, not copied
     */
    Replacement replace(PackageId owner, String name, Path content) throws IOException;

    /** A fresh folder in which to prepare what {@link #replace} puts in place; removed when abandoned. */
    Path staging() throws IOException;

    /** Removes a drive and all in it; nothing happens when there is none. */
    void remove(PackageId owner, String name) throws IOException;

    /** The packages that have a package drive, in order. */
    List<PackageId> packages() throws IOException;

    /** A drive's content that was replaced and can still be brought back. */
    interface Replacement {
        /** Removes what was there before. */
        void keep() throws IOException;

        /** Brings back what was there before, or nothing if nothing was. */
        void undo() throws IOException;
    }
}
