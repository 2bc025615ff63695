package org.ashlar.component.type;

import java.util.Optional;

/**
 * A resource type. Each definition, and each import of an unknown one, makes a new type; two are equal when they go back to
 * the same of these.
 */
public final class ResourceType implements TypeDefinition {
    private final String name;
    private final Optional<ResourceType> origin;

    private ResourceType(String name, Optional<ResourceType> origin) {
        this.name = name;
        this.origin = origin;
    }

    /** A type different from all others; {@code name} is for people, empty when there is none. */
    public static ResourceType fresh(String name) {
        return new ResourceType(name, Optional.empty());
    }

    /** The same type under another name. */
    public ResourceType alias(String name) {
        return new ResourceType(name, Optional.of(origin()));
    }

    /** What this type is a name of; itself when it is none. */
    public ResourceType origin() {
        return origin.orElse(this);
    }

    public String name() {
        return name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ResourceType type && type.origin() == origin();
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(origin());
    }

    @Override
    public String toString() {
        return name.isEmpty() ? "resource" : name;
    }
}
