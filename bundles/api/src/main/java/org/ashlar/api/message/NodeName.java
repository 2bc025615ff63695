package org.ashlar.api.message;

/** The grammar of node names (reference-kernel 1.1). */
public final class NodeName {
    private NodeName() { }

    /**
     * Gives {@code name} when it names a node: {@code [a-z0-9.-]+}, at most {@link ProcessId#MAX_NODE} characters, and not
     * {@link Address#OUR}, which stands for whichever node reads it.
     *
     * @throws IdentifierException with what is wrong with it
     */
    public static String checked(String name) {
        Identifiers.node("node name", name);
        if (name.equals(Address.OUR)) {
            throw new IdentifierException(IdentifierException.Kind.MISSING_NODE_ID, "a node cannot be named \"" + Address.OUR
                    + "\": that stands for whichever node reads it");
        }
        return name;
    }
}
