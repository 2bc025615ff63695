package org.ashlar.component;

import java.util.Map;

import org.ashlar.component.type.ExternType;

/** A component compiled by one engine. Immutable; shared between threads and instances. Holds no copy of the bytes. */
public final class CompiledComponent {
    private CompiledComponent() {
    }

    /** As {@link Component#imports}. */
    public Map<String, ExternType> imports() {
        return Map.of();
    }

    /** As {@link Component#exports}. */
    public Map<String, ExternType> exports() {
        return Map.of();
    }
}
