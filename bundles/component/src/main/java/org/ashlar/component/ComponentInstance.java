package org.ashlar.component;

import java.util.Optional;

/** An instance of a component; used by one thread at a time. */
public final class ComponentInstance {
    private ComponentInstance() {
    }

    /** The function that it exports under this plain name. */
    public Optional<ComponentFunction> function(String name) {
        return Optional.empty();
    }

    /**
     * The function of an exported interface.
     *
     * @param interfaceName as exported, or without its version
     */
    public Optional<ComponentFunction> function(String interfaceName, String name) {
        return Optional.empty();
    }
}
