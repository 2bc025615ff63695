package org.ashlar.process;

import java.util.Objects;

/**
 * Where a message goes or comes from: {@code node@process:package:publisher}.
 *
 * @param node the node's name, such as {@code alice.os}; {@code our} stands for the node that the process runs on
 * @param process the process on that node
 */
public record Address(String node, ProcessId process) {

    public Address {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(process, "process");
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException if there is not exactly one {@code @}, or one of the two halves is malformed
     */
    public static Address parse(String text) {
        int at = text.indexOf('@');
        if (at < 0 || text.indexOf('@', at + 1) >= 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no address: expected node@process:package:publisher");
        }
        return new Address(Names.checkedNode("node", text.substring(0, at), text),
                ProcessId.parse(text.substring(at + 1)));
    }

    /** The process of that name in the same package on the same node. */
    public Address sibling(String processName) {
        return new Address(node, new ProcessId(processName, process.packageName(), process.publisher()));
    }

    /** The text form that {@link #parse} reads. */
    @Override
    public String toString() {
        return node + "@" + process;
    }
}
