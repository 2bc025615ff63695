package org.ashlar.process;

import java.util.Objects;

/**
 * Names a process on any node: {@code process:package:publisher}.
 *
 * <p>The constructor takes what it is given, because a message may carry a name that this node would not allow;
 * {@link #parse} is strict.
 *
 * @param name the process within its package, letters {@code a-z}, digits and {@code -}
 * @param packageName the package, of the same letters
 * @param publisher the node that publishes the package; also {@code .} is allowed
 */
public record ProcessId(String name, String packageName, String publisher) {

    public ProcessId {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(packageName, "packageName");
        Objects.requireNonNull(publisher, "publisher");
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException if the text has not three parts between colons, or a part is empty or has
     *     other characters than those allowed; the message names the text and the part
     */
    public static ProcessId parse(String text) {
        int first = text.indexOf(':');
        int second = text.indexOf(':', first + 1);
        if (first < 0 || second < 0 || text.indexOf(':', second + 1) >= 0) {
            throw new IllegalArgumentException("'" + text + "' is no process id: expected process:package:publisher");
        }
        return new ProcessId(
                Names.checkedName("process name", text.substring(0, first), text),
                Names.checkedName("package name", text.substring(first + 1, second), text),
                Names.checkedNode("publisher", text.substring(second + 1), text));
    }

    /** The package's own name: {@code package:publisher}. */
    public String packageId() {
        return packageName + ":" + publisher;
    }

    /** The text form that {@link #parse} reads. */
    @Override
    public String toString() {
        return name + ":" + packageName + ":" + publisher;
    }
}
