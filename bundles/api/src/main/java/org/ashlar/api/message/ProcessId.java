package org.ashlar.api.message;

/**
 * Names a process on some node: {@code process:package:publisher}.
 *
 * @param process     {@code [a-z0-9-]+}
 * @param packageName {@code [a-z0-9-]+}
 * @param publisher   a node name, {@code [a-z0-9.-]+}
 */
public record ProcessId(String process, String packageName, String publisher) implements Comparable<ProcessId> {
    /** Longest process or package name, in characters; with {@link #MAX_NODE} a folder name fits 255 bytes. */
    public static final int MAX_NAME = 100;
    /** Longest node or publisher name, in characters. */
    public static final int MAX_NODE = 150;

    /** @throws IdentifierException when a part is not of its grammar */
    public ProcessId {
        Identifiers.name("process name", process);
        Identifiers.name("package name", packageName);
        Identifiers.node("publisher", publisher);
    }

    /** Reads {@code process:package:publisher}. @throws IdentifierException when {@code text} is anything else */
    public static ProcessId parse(String text) {
        String[] parts = Identifiers.parts(text, 3, "process:package:publisher");
        return new ProcessId(parts[0], parts[1], parts[2]);
    }

    public static ProcessId of(String process, PackageId owner) {
        return new ProcessId(process, owner.name(), owner.publisher());
    }

    public PackageId packageId() {
        return new PackageId(packageName, publisher);
    }

    @Override
    public final boolean equals(Object other) {
        return this == other || other instanceof ProcessId that && process.equals(that.process)
                && packageName.equals(that.packageName) && publisher.equals(that.publisher);
    }

    @Override
    public final int hashCode() {
        return 31 * (31 * process.hashCode() + packageName.hashCode()) + publisher.hashCode();
    }

    @Override
    public int compareTo(ProcessId other) {
        return toString().compareTo(other.toString());
    }

    /** The text form, which {@link #parse} reads. */
    @Override
    public String toString() {
        return process + ':' + packageName + ':' + publisher;
    }
}
