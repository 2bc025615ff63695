package org.ashlar.component;

import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * A resource type that the host offers: components hold handles, the host its own objects.
 *
 * @param <H>       the host's state of one instance
 * @param type      class of the objects; what a host function returns for this resource must be one
 * @param destructor called when a component drops an owned handle, on its thread
 */
public record HostResource<H>(Class<?> type, BiConsumer<? super H, Object> destructor) {
    public HostResource {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(destructor, "destructor");
    }

    /** A resource whose objects are of class {@code type}. */
    public static <H, T> HostResource<H> of(Class<T> type, BiConsumer<? super H, ? super T> destructor) {
        return new HostResource<>(type, (host, object) -> destructor.accept(host, type.cast(object)));
    }

    /** A resource of which nothing needs to be released. */
    public static <H> HostResource<H> of(Class<?> type) {
        return new HostResource<>(type, (_, _) -> { });
    }
}
