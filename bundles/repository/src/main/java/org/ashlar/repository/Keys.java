package org.ashlar.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** The key files of a repository: what a password opens it with. */
final class Keys {
    /** Most key files that a password is tried on. */
    private static final int MAX = 64;

    private Keys() { }

    /** Opens the repository with the first key that the password opens. */
    static Repository open(Replicas replicas, char[] password, Options options) throws IOException {
        Optional<Exception> damaged = Optional.empty();
        int tried = 0;
        for (Id id : Repository.ids(replicas, FileKind.KEY)) {
            if (tried == MAX) {
                break;
            }
            tried++;
            try {
                MasterKey key = read(replicas, id).open(password, options.random());
                Config config = replicas.readAll(FileKind.CONFIG, FileKind.MAX_CONFIG, bytes -> Config.parse(key.open(bytes)));
                return new Repository(replicas, options, key, id, config);
            } catch (DamagedException | NoSuchFileException e) {
                damaged = Optional.of(e);
            }
        }
        if (tried == 0) {
            throw new RepositoryException("The repository has no key any more (folder \"keys\" is empty), and nothing can be read without one.");
        }
        throw new RepositoryException("The password opens none of the " + tried + " keys of this repository: wrong, or the keys or the config are"
                + " damaged.", damaged.orElse(null));
    }

    /** The name of a key file is its digest, too, but a key that opens is good whatever it is called. */
    static KeyFile read(Replicas replicas, Id id) throws IOException {
        return replicas.readAll(FileKind.KEY.path(id), FileKind.KEY.limit, KeyFile::parse);
    }

    /** Adds one for a password. @throws RepositoryException when that is empty */
    static Id add(Replicas replicas, MasterKey key, char[] password, Options options) throws IOException {
        if (password.length == 0) {
            throw new RepositoryException("An empty password protects nothing; choose one.");
        }
        byte[] json = KeyFile.create(key, password, options.cost().scrypt, options.now(), options.hostname(), options.username(),
                options.random()).json();
        Id id = Id.of(json);
        replicas.put(FileKind.KEY.path(id), ByteBuffer.wrap(json));
        return id;
    }
}
