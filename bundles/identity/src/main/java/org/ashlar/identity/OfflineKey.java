package org.ashlar.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.NodeName;
import org.ashlar.api.net.NodeCard;
import org.ashlar.files.Durable;

/**
 * What is done with a node's key while no node runs: {@code ashlar key}, and what {@code ashlar up} does before it starts one. The
 * launcher calls this with the bundle and its libraries on a class path of their own, and holds the lock of the home meanwhile.
 * <p>
 * An empty password stands for none: the key is not encrypted. Every method throws {@link IOException} when a file cannot be
 * read or written, and {@link IdentityException} with a sentence for a person when what was asked cannot be done; nothing is
 * changed then.
 */
public final class OfflineKey {
    private OfflineKey() { }

    /** Checks a node's name. */
    public static String checkedName(String name) {
        try {
            return NodeName.checked(name);
        } catch (IdentifierException e) {
            throw new IdentityException("This is no name for a node: " + e.getMessage(), e);
        }
    }

    /** What opens the encrypted key of {@code home}, 32 bytes: see {@link NodeIdentity}. */
    public static byte[] unlock(Path home, char[] password) throws IOException {
        if (!(file(home) instanceof Sealed sealed)) {
            throw new IdentityException("The key of this home is not encrypted; leave the password out, or encrypt it with: ashlar key password");
        }
        byte[] fileKey = sealed.hash().keyOf(password);
        open(sealed, fileKey);
        return fileKey;
    }

    /** Makes the key of a new home. @return its recovery phrase */
    public static String create(Path home, String name, char[] password) throws IOException {
        NodeKey key = NodeKey.generate(checkedName(name));
        put(home, key, password);
        return phrase(key);
    }

    /** Encrypts the key with another password. */
    public static void changePassword(Path home, char[] old, char[] fresh) throws IOException {
        IdentityFile file = new IdentityFile(home);
        Keyfile content = of(file.read());
        Optional<Keyfile> before = file.readBefore();
        NodeKey key = open(content, old);
        // First the one before: should this break off, it can be done again with the old password.
        if (before.isPresent()) {
            rewriteBefore(file, before.get(), old, fresh);
        }
        file.write(sealed(key, fresh));
    }

    /** One that another password seals stays as it is: this was broken off once, after it had been written. */
    private static void rewriteBefore(IdentityFile file, Keyfile before, char[] old, char[] fresh) throws IOException {
        NodeKey key;
        try {
            key = open(before, old);
        } catch (IdentityException e) {
            return;
        }
        file.writeBefore(sealed(key, fresh));
    }

    /**
     * Makes a new key under the same name and keeps the old one beside it.
     *
     * @return the fingerprints of the old and the new one
     */
    public static List<String> rotate(Path home, char[] password) throws IOException {
        IdentityFile file = new IdentityFile(home);
        Keyfile old = of(file.read());
        NodeKey fresh = NodeKey.generate(open(old, password).name());
        file.rotate(old, sealed(fresh, password));
        return List.of(fingerprint(old), fingerprint(file(home)));
    }

    /** Takes the key before the last rotation again, and keeps the newer one beside it. @return as {@link #rotate} does */
    public static List<String> rotateBack(Path home, char[] password) throws IOException {
        IdentityFile file = new IdentityFile(home);
        Keyfile current = of(file.read());
        Keyfile before = file.readBefore().orElseThrow(() -> new IdentityException("This node has no key before the one it has."));
        open(before, password);
        file.rotate(current, before);
        return List.of(fingerprint(current), fingerprint(before));
    }

    /** The recovery phrase. */
    public static String exportPhrase(Path home, char[] password) throws IOException {
        return phrase(open(file(home), password));
    }

    /** Writes the key as a keyfile of the reference implementation, to a new file. */
    public static void exportReference(Path home, char[] password, char[] filePassword, Path to) throws IOException {
        NodeKey key = open(file(home), password);
        if (Files.exists(to)) {
            throw new IdentityException(to + " is there already; name another file.");
        }
        Durable.write(to.toAbsolutePath(), ReferenceKeyfile.seal(key, filePassword).bytes());
    }

    /** Makes the key of a new home out of a recovery phrase. @return its fingerprint */
    public static String importPhrase(Path home, String name, String phrase, char[] password) throws IOException {
        return put(home, new NodeKey(checkedName(name), Phrase.seed(phrase)), password);
    }

    /** Makes the key of a new home out of a keyfile of the reference implementation. @return the node's name and its key's fingerprint */
    public static List<String> importReference(Path home, Path from, char[] filePassword, char[] password) throws IOException {
        try {
            if (Files.size(from) > ReferenceKeyfile.MAX_BYTES) {
                throw new KeyfileException("it is longer than " + ReferenceKeyfile.MAX_BYTES + " bytes");
            }
            NodeKey key = ReferenceKeyfile.parse(Files.readAllBytes(from)).open(filePassword);
            return List.of(key.name(), put(home, key, password));
        } catch (KeyfileException e) {
            throw new IdentityException("The keyfile " + from + " cannot be imported: " + e.getMessage() + ".", e);
        }
    }

    private static String put(Path home, NodeKey key, char[] password) throws IOException {
        IdentityFile file = new IdentityFile(home);
        if (file.read().isPresent()) {
            throw new IdentityException("This home has a key already (" + file.path() + "); name a new folder with --home.");
        }
        file.write(sealed(key, password));
        return fingerprint(new Keyfile.Plain(key));
    }

    private static Keyfile sealed(NodeKey key, char[] password) {
        if (password.length == 0) {
            return new Keyfile.Plain(key);
        }
        PasswordHash hash = PasswordHash.fresh();
        return Sealed.seal(key, hash, hash.keyOf(password));
    }

    private static Keyfile file(Path home) throws IOException {
        return of(new IdentityFile(home).read());
    }

    private static Keyfile of(Optional<Keyfile> content) {
        return content.orElseThrow(() -> new IdentityException("This home has no key yet; \"ashlar up\" makes one."));
    }

    private static NodeKey open(Keyfile content, char[] password) {
        return switch (content) {
            case Keyfile.Plain(NodeKey key) -> key;
            case Sealed sealed -> open(sealed, sealed.hash().keyOf(password));
        };
    }

    private static NodeKey open(Sealed sealed, byte[] fileKey) {
        try {
            return sealed.open(fileKey);
        } catch (Sealed.WrongPasswordException e) {
            throw new IdentityException("This is not the password of the key of " + sealed.name() + "; nothing was changed.", e);
        } catch (KeyfileException e) {
            throw new IdentityException("The key of " + sealed.name() + " is damaged: " + e.getMessage() + ". Put it back from a backup.", e);
        }
    }

    private static String phrase(NodeKey key) {
        return String.join(" ", Phrase.of(key.seed()));
    }

    private static String fingerprint(Keyfile content) {
        return new NodeCard(content.name(), content.publicKey(), List.of(), List.of()).fingerprint();
    }
}
