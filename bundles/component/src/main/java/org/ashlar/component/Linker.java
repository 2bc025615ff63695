package org.ashlar.component;

import java.util.Objects;

import org.ashlar.api.wasm.MemoryBudget;

/**
 * What a host offers to components. Immutable; shared between threads, components and instances.
 * <p>
 * An import of interface {@code a:b/c@1.2.3} is satisfied by a definition under the same name, or under a version that is
 * the same by the rules of semantic versioning: {@code a:b/c@1} or any {@code 1.x.y}; below 1.0.0 the minor number must
 * agree too ({@code 0.2} or any {@code 0.2.x}). An exact match wins, then the highest version.
 * <p>
 * The host declares no types: values are lifted and lowered by the component's own declaration.
 *
 * @param <H> the host's state of one instance
 */
public final class Linker<H> {
    private Linker() {
    }

    public static <H> Builder<H> builder() {
        return new Builder<>();
    }

    /**
     * Ties a component's imports to this linker's definitions, once for any number of instances.
     *
     * @throws ComponentException when the host lacks something: one line that names the imports and functions missing
     */
    public LinkedComponent<H> link(CompiledComponent component) {
        throw new UnsupportedOperationException("linker not landed yet");
    }

    /** {@link #link} and {@link LinkedComponent#instantiate} in one. */
    public ComponentInstance instantiate(CompiledComponent component, H host, MemoryBudget budget) {
        return link(component).instantiate(host, budget);
    }

    /** Collects definitions. Not thread-safe. */
    public static final class Builder<H> {
        private Builder() {
        }

        /**
         * Defines a function of an interface; a later definition replaces an earlier one.
         *
         * @param interfaceName such as {@code wasi:clocks/wall-clock@0.2}, with or without a version
         * @param functionName  such as {@code now}, {@code [method]output-stream.check-write} or {@code [constructor]fields}
         */
        public Builder<H> define(String interfaceName, String functionName, HostFunction<? super H> function) {
            Objects.requireNonNull(function, "function");
            return this;
        }

        /** Defines a function that is imported by its own plain name, outside any interface. */
        public Builder<H> define(String functionName, HostFunction<? super H> function) {
            Objects.requireNonNull(function, "function");
            return this;
        }

        /** Defines a resource type of an interface. The same object under two names is one and the same type. */
        public Builder<H> resource(String interfaceName, String resourceName, HostResource<? super H> resource) {
            Objects.requireNonNull(resource, "resource");
            return this;
        }

        /** Takes over what another linker offers; later definitions win. */
        public Builder<H> include(Linker<? super H> other) {
            Objects.requireNonNull(other, "other");
            return this;
        }

        public Linker<H> build() {
            return new Linker<>();
        }
    }
}
