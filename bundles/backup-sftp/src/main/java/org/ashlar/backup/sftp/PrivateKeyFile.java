package org.ashlar.backup.sftp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.ashlar.api.backup.RefusedException;

/** A file with a user's private key, as {@code ssh-keygen} writes it. */
final class PrivateKeyFile {
    private static final int MAX = 1 << 20;

    private PrivateKeyFile() { }

    /** Whether it takes a passphrase to read it. @throws RefusedException when it is no such file */
    static boolean isLocked(Path file) throws IOException {
        AtomicBoolean asked = new AtomicBoolean();
        try {
            read(file, (session, resource, index) -> {
                asked.set(true);
                return null;
            });
            return asked.get();
        } catch (RefusedException e) {
            if (asked.get()) {
                return true;
            }
            throw e;
        }
    }

    static KeyPair read(Path file, Optional<String> passphrase) throws IOException {
        return read(file, passphrase.map(FilePasswordProvider::of).orElse(FilePasswordProvider.EMPTY));
    }

    private static KeyPair read(Path file, FilePasswordProvider passphrase) throws IOException {
        try {
            if (Files.size(file) > MAX) {
                throw new RefusedException(file + " is too long for a private key");
            }
        } catch (IOException e) {
            throw new RefusedException("the key file " + file + " cannot be read; is it there, and yours?", e);
        }
        try (InputStream in = Files.newInputStream(file)) {
            Iterator<KeyPair> keys = Optional.ofNullable(SecurityUtils.loadKeyPairIdentities(null, NamedResource.ofName(file.toString()), in,
                    passphrase)).orElseThrow(() -> new IOException("there is none in it")).iterator();
            return keys.next();
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new RefusedException("the private key in " + file + " cannot be read: it is none that ssh-keygen made, or its passphrase is"
                    + " another", e);
        }
    }
}
