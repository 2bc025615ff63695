package org.ashlar.api.message;

import org.ashlar.api.message.IdentifierException.Kind;

/**
 * Where a message goes or comes from: {@code node@process:package:publisher}.
 *
 * @param node    a node name, {@code [a-z0-9.-]+}; {@link #OUR} stands for the node that reads it
 * @param process the process on that node
 */
public record Address(String node, ProcessId process) implements Comparable<Address> {
    /** The node name that stands for "this node" in what people and guests write. */
    public static final String OUR = "our";

    /** @throws IdentifierException when the node name is not of its grammar */
    public Address {
        Identifiers.node("node name", node);
    }

    /** Reads {@code node@process:package:publisher}. @throws IdentifierException when {@code text} is anything else */
    public static Address parse(String text) {
        int at = text.indexOf('@');
        if (at <= 0) {
            throw new IdentifierException(Kind.MISSING_NODE_ID, Identifiers.quoted(text)
                    + " names no node; expected node@process:package:publisher (our@… for this node)");
        }
        if (text.indexOf('@', at + 1) >= 0) {
            throw new IdentifierException(Kind.TOO_MANY_ATS, Identifiers.quoted(text)
                    + " has more than one '@'; expected node@process:package:publisher");
        }
        return new Address(text.substring(0, at), ProcessId.parse(text.substring(at + 1)));
    }

    /** This address with {@link #OUR} replaced by {@code ourNode}. */
    public Address resolve(String ourNode) {
        return node.equals(OUR) ? new Address(ourNode, process) : this;
    }

    // Written out, here and in ProcessId: every message looks some of these up, and what a record has by itself is slower.

    @Override
    public final boolean equals(Object other) {
        return this == other || other instanceof Address that && process.equals(that.process) && node.equals(that.node);
    }

    @Override
    public final int hashCode() {
        return 31 * process.hashCode() + node.hashCode();
    }

    @Override
    public int compareTo(Address other) {
        return toString().compareTo(other.toString());
    }

    /** The text form, which {@link #parse} reads. */
    @Override
    public String toString() {
        return node + '@' + process;
    }
}
