package org.ashlar.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.ashlar.files.Durable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code <home>/identity/node} ({@link Keyfile}), and beside it {@code node.before}: the key that the last rotation
 * replaced. Only their owner may read them. They are written complete or not at all, and a damaged one is never replaced.
 */
final class IdentityFile {
    private static final Logger LOG = LoggerFactory.getLogger(IdentityFile.class);

    private final Path folder;
    private final Path file;
    private final Path before;

    IdentityFile(Path home) {
        folder = home.resolve("identity");
        file = folder.resolve("node");
        before = folder.resolve("node.before");
    }

    /** What the file holds; empty when there is none. @throws IdentityException when it is damaged */
    Optional<Keyfile> read() throws IOException {
        return read(file);
    }

    /** The key before the last rotation. */
    Optional<Keyfile> readBefore() throws IOException {
        return read(before);
    }

    private Optional<Keyfile> read(Path from) throws IOException {
        if (!Files.exists(from)) {
            return Optional.empty();
        }
        keepPrivate(from);
        try {
            if (Files.size(from) > Keyfile.MAX_BYTES) {
                throw new KeyfileException("it is longer than " + Keyfile.MAX_BYTES + " bytes");
            }
            return Optional.of(Keyfile.parse(Files.readAllBytes(from)));
        } catch (KeyfileException.Newer e) {
            throw new IdentityException("The identity in " + from + " cannot be read: " + e.getMessage() + ", and this version of Ashlar"
                    + " reads " + Keyfile.Plain.VERSION + " and " + Sealed.VERSION + ". Start the version that wrote it, or a newer one.", e);
        } catch (KeyfileException e) {
            throw new IdentityException("The node's identity " + from + " is damaged: " + e.getMessage() + ". Put the file back from a"
                    + " backup, or make it anew from the recovery phrase (ashlar key import --phrase). Without either the node's key is"
                    + " lost: move the folder " + folder + " away, and the next start makes a new key, which other nodes will not accept"
                    + " under the old name.", e);
        }
    }

    /** Writes {@code content} in place of what is there; on disk when this returns. */
    void write(Keyfile content) throws IOException {
        Durable.createFolder(folder);
        Durable.write(file, content.bytes());
    }

    /** Puts {@code fresh} in place of {@code old}, which is kept as the one before. At no moment is either in no file. */
    void rotate(Keyfile old, Keyfile fresh) throws IOException {
        Path aside = folder.resolve("node.aside");
        Durable.write(aside, old.bytes());
        Durable.write(file, fresh.bytes());
        Durable.move(aside, before);
    }

    /** Writes the one before anew, as when the password changes. */
    void writeBefore(Keyfile content) throws IOException {
        Durable.write(before, content.bytes());
    }

    Path path() {
        return file;
    }

    private void keepPrivate(Path kept) throws IOException {
        if (!Durable.isPosix(kept)) {
            return;
        }
        if (!Files.getPosixFilePermissions(kept).equals(Durable.OWNER_FILE)) {
            LOG.warn("{} could be read or written by others than its owner; it is now mode 0600. If others use this machine,"
                    + " treat what was in it as known to them.", kept);
            Files.setPosixFilePermissions(kept, Durable.OWNER_FILE);
        }
        if (!Files.getPosixFilePermissions(folder).equals(Durable.OWNER_FOLDER)) {
            Files.setPosixFilePermissions(folder, Durable.OWNER_FOLDER);
        }
    }
}
