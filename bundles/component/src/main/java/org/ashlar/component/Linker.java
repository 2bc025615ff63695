package org.ashlar.component;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;

import org.ashlar.api.wasm.MemoryBudget;

/**
 * What a host offers to components. Immutable; shared between threads, components and instances.
 * <p>
 * An import of interface {@code a:b/c@1.2.3} is satisfied by a definition under the same name, or under a version that is
 * the same by the rules of semantic versioning: {@code a:b/c@1} or any {@code 1.x.y}; below 1.0.0 the minor number must
 * agree too ({@code 0.2} or any {@code 0.2.x}). An exact match wins, then the highest version that has the function.
 * <p>
 * The host declares no types: values are lifted and lowered by the component's own declaration.
 *
 * @param <H> the host's state of one instance
 */
public final class Linker<H> {
    private final Map<String, Object> plain;
    private final Map<String, Map<String, Object>> interfaces;

    private Linker(Builder<H> builder) {
        this.plain = Map.copyOf(builder.plain);
        Map<String, Map<String, Object>> copies = new HashMap<>();
        builder.interfaces.forEach((name, items) -> copies.put(name, Map.copyOf(items)));
        this.interfaces = Map.copyOf(copies);
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
        return new LinkedComponent<>(component, new ImportLinking(plain, interfaces).link(component.type()));
    }

    /** {@link #link} and {@link LinkedComponent#instantiate} in one. */
    public ComponentInstance instantiate(CompiledComponent component, H host, MemoryBudget budget) {
        return link(component).instantiate(host, budget);
    }

    /** Collects definitions. Not thread-safe. */
    public static final class Builder<H> {
        private final Map<String, Object> plain = new HashMap<>();
        private final Map<String, Map<String, Object>> interfaces = new HashMap<>();
        private final Map<HostResource<?>, RuntimeResource> resources = new IdentityHashMap<>();

        private Builder() {
        }

        /**
         * Defines a function of an interface; a later definition replaces an earlier one.
         *
         * @param interfaceName such as {@code wasi:clocks/wall-clock@0.2}, with or without a version
         * @param functionName  such as {@code now}, {@code [method]output-stream.check-write} or {@code [constructor]fields}
         */
        public Builder<H> define(String interfaceName, String functionName, HostFunction<? super H> function) {
            return define(interfaceName, functionName, function, Shapes.PLAIN);
        }

        /**
         * The same for a function whose arguments and result have the host's own classes.
         *
         * @param shapes which; the component's declaration still decides: a type that it declares otherwise has no shape
         */
        public Builder<H> define(String interfaceName, String functionName, HostFunction<? super H> function, Shapes shapes) {
            return put(interfaceName, functionName, HostCallee.of(Objects.requireNonNull(function, "function"),
                    Objects.requireNonNull(shapes, "shapes")));
        }

        /** Defines a function that is imported by its own plain name, outside any interface. */
        public Builder<H> define(String functionName, HostFunction<? super H> function) {
            plain.put(Objects.requireNonNull(functionName, "functionName"),
                    HostCallee.of(Objects.requireNonNull(function, "function"), Shapes.PLAIN));
            return this;
        }

        /** Defines a resource type of an interface. The same object under two names is one and the same type. */
        public Builder<H> resource(String interfaceName, String resourceName, HostResource<? super H> resource) {
            Objects.requireNonNull(resource, "resource");
            return put(interfaceName, resourceName,
                    resources.computeIfAbsent(resource, RuntimeResource.HostDefined::new));
        }

        private Builder<H> put(String interfaceName, String name, Object item) {
            Objects.requireNonNull(interfaceName, "interfaceName");
            Objects.requireNonNull(name, "name");
            interfaces.computeIfAbsent(interfaceName, _ -> new HashMap<>()).put(name, item);
            return this;
        }

        /** Takes over what another linker offers; later definitions win. */
        public Builder<H> include(Linker<? super H> other) {
            plain.putAll(other.plain);
            other.interfaces.forEach((interfaceName, items) -> items.forEach((name, item) -> put(interfaceName, name, item)));
            return this;
        }

        public Linker<H> build() {
            return new Linker<>(this);
        }
    }
}
