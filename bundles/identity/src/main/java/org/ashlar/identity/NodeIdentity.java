package org.ashlar.identity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.ashlar.api.identity.Identity;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's identity from {@code <home>/identity}. Where there is none it is made, not encrypted, with the name in the framework
 * property {@code ashlar.name}; an encrypted one is made before the framework starts ({@link OfflineKey}). Everything is in memory once it is activated, so a running node does not depend on the file.
 */
@Component(service = Identity.class)
public final class NodeIdentity implements Identity {
    /** Framework property: the node's home folder, an absolute path. Required. */
    static final String HOME = "ashlar.home";
    /** Framework property: the node's name. Required at the first start; later it may be absent, or must be the same. */
    static final String NAME = "ashlar.name";
    /** The service, a {@link Supplier} of 32 bytes, that opens an encrypted key: made of the password, as {@link OfflineKey#unlock} does. */
    private static final String FILE_KEY = "(ashlar.secret=identity)";

    private static final Logger LOG = LoggerFactory.getLogger(NodeIdentity.class);

    private final NodeKey key;
    private final boolean encrypted;

    @Activate
    public NodeIdentity(BundleContext context) {
        this(Optional.ofNullable(context.getProperty(HOME)), Optional.ofNullable(context.getProperty(NAME)), fileKey(context));
    }

    NodeIdentity(Optional<String> home, Optional<String> name, Optional<byte[]> fileKey) {
        IdentityFile file = new IdentityFile(Path.of(home.orElseThrow(() -> new IdentityException(
                "The framework property " + HOME + " is not set; it must be the absolute path of the node's home folder."))));
        try {
            Keyfile keyfile = keyfile(file, name);
            encrypted = keyfile instanceof Sealed;
            key = switch (keyfile) {
                case Keyfile.Plain(NodeKey plain) -> plain;
                case Sealed sealed -> opened(file, sealed, fileKey);
            };
        } catch (IOException e) {
            throw new IdentityException("The node's identity " + file.path() + " cannot be read or written: " + e
                    + ". Check that the folder belongs to the user who runs the node, and that the disk has room.", e);
        }
    }

    private static Keyfile keyfile(IdentityFile file, Optional<String> asked) throws IOException {
        Optional<Keyfile> known = file.read();
        if (known.isPresent()) {
            String name = known.get().name();
            if (asked.isPresent() && !asked.get().equals(name)) {
                throw new IdentityException("This home belongs to the node \"" + name + "\" (" + file.path() + "), and "
                        + NAME + " asks for \"" + asked.get() + "\". Start it under its own name, or choose another home.");
            }
            return known.get();
        }
        String name = OfflineKey.checkedName(asked.orElseThrow(() -> new IdentityException(
                "This node has no identity yet, and the framework property " + NAME + " does not say what to name it.")));
        Keyfile fresh = new Keyfile.Plain(NodeKey.generate(name));
        file.write(fresh);
        LOG.info("Made the key of the node {} in {}, not encrypted", name, file.path());
        return fresh;
    }

    private static NodeKey opened(IdentityFile file, Sealed sealed, Optional<byte[]> fileKey) {
        try {
            return sealed.open(fileKey.orElseThrow(() -> new IdentityException("The node's key in " + file.path()
                    + " is encrypted, and nobody gave its password. Start the node with \"ashlar up\", which asks for it.")));
        } catch (KeyfileException e) {
            throw new IdentityException("The node's key in " + file.path() + " cannot be decrypted: " + e.getMessage() + ".", e);
        }
    }

    /** What opens the file: whoever launched the framework made it of the password. It stays for this bundle's successors. */
    private static Optional<byte[]> fileKey(BundleContext context) {
        try {
            return context.getServiceReferences(Supplier.class, FILE_KEY).stream().findFirst().map(reference -> {
                byte[] key = (byte[]) context.getService(reference).get();
                context.ungetService(reference);
                return key;
            });
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String name() {
        return key.name();
    }

    @Override
    public byte[] publicKey() {
        return key.publicKey();
    }

    @Override
    public byte[] sign(byte[] message) {
        return key.sign(message);
    }

    @Override
    public boolean verify(byte[] message, byte[] signature) {
        return key.verify(message, signature);
    }

    @Override
    public boolean keyEncrypted() {
        return encrypted;
    }
}
