package org.ashlar.component.type;

/** A resource type. Two are the same only when they are the same object, as every definition makes a new type. */
public final class ResourceType {
    private final String name;

    /** @param name for people; the empty string when it has none */
    public ResourceType(String name) {
        this.name = name;
    }

    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return name.isEmpty() ? "resource" : name;
    }
}
