package org.ashlar.api.message;

/**
 * Names a package: {@code package:publisher}.
 *
 * @param name      {@code [a-z0-9-]+}
 * @param publisher a node name, {@code [a-z0-9.-]+}
 */
public record PackageId(String name, String publisher) implements Comparable<PackageId> {

    /** @throws IdentifierException when a part is not of its grammar */
    public PackageId {
        Identifiers.name("package name", name);
        Identifiers.node("publisher", publisher);
    }

    /** Reads {@code package:publisher}. @throws IdentifierException when {@code text} is anything else */
    public static PackageId parse(String text) {
        String[] parts = Identifiers.parts(text, 2, "package:publisher");
        return new PackageId(parts[0], parts[1]);
    }

    @Override
    public int compareTo(PackageId other) {
        return toString().compareTo(other.toString());
    }

    /** The text form, which {@link #parse} reads. */
    @Override
    public String toString() {
        return name + ':' + publisher;
    }
}
