package org.ashlar.identity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.ashlar.api.identity.Identity;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's identity from {@code <home>/identity}, made at the first start with the name in the framework property
 * {@code ashlar.name}. Everything is in memory once it is activated, so a running node does not depend on the file.
 */
@Component(service = Identity.class)
public final class NodeIdentity implements Identity {
    /** Framework property: the node's home folder, an absolute path. Required. */
    static final String HOME = "ashlar.home";
    /** Framework property: the node's name. Required at the first start; later it may be absent, or must be the same. */
    static final String NAME = "ashlar.name";

    private static final Logger LOG = LoggerFactory.getLogger(NodeIdentity.class);

    private final NodeKey key;

    @Activate
    public NodeIdentity(BundleContext context) {
        this(Optional.ofNullable(context.getProperty(HOME)), Optional.ofNullable(context.getProperty(NAME)));
    }

    NodeIdentity(Optional<String> home, Optional<String> name) {
        IdentityFile file = new IdentityFile(Path.of(home.orElseThrow(() -> new IdentityException(
                "The framework property " + HOME + " is not set; it must be the absolute path of the node's home folder."))));
        try {
            key = open(file, name);
        } catch (IOException e) {
            throw new IdentityException("The node's identity " + file.path() + " cannot be read or written: " + e
                    + ". Check that the folder belongs to the user who runs the node, and that the disk has room.", e);
        }
    }

    private static NodeKey open(IdentityFile file, Optional<String> asked) throws IOException {
        Optional<NodeKey> known = file.read();
        if (known.isPresent()) {
            String name = known.get().name();
            if (asked.isPresent() && !asked.get().equals(name)) {
                throw new IdentityException("This home belongs to the node \"" + name + "\" (" + file.path() + "), and "
                        + NAME + " asks for \"" + asked.get() + "\". Start it under its own name, or choose another home.");
            }
            return known.get();
        }
        String name = IdentityFile.checkedName(asked.orElseThrow(() -> new IdentityException(
                "This node has no identity yet, and the framework property " + NAME + " does not say what to name it.")));
        NodeKey fresh = NodeKey.generate(name);
        file.create(fresh);
        LOG.info("Made the key of the node {} in {}", name, file.path());
        return fresh;
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
}
