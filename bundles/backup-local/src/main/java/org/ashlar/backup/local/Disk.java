package org.ashlar.backup.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

/**
 * The changes that a target makes to a file system, each as the system understands it: what is not synced may be lost.
 * Between a target and {@link FileDisk} tests put one that loses it.
 */
interface Disk {
    /** Makes one folder. Its name is durable once the folder above is synced. */
    void makeFolder(Path folder) throws IOException;

    /** Makes a file and writes it; neither its bytes nor its name are durable yet. */
    void write(Path file, ByteBuffer content) throws IOException;

    /** Makes a file's bytes durable. */
    void sync(Path file) throws IOException;

    /** Gives a file a second name. @throws FileAlreadyExistsException when that is taken; atomic */
    void link(Path file, Path name) throws IOException;

    /** Removes a name. @return whether there was one */
    boolean delete(Path file) throws IOException;

    /** Makes the names in a folder, and their absence, durable. */
    void syncFolder(Path folder) throws IOException;
}
