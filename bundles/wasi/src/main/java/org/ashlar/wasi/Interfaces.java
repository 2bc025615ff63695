package org.ashlar.wasi;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

import org.ashlar.component.HostResource;
import org.ashlar.component.Linker;

/**
 * Ties functions over a {@link WasiContext} to a linker whose hosts are something else.
 *
 * @param <H> the embedder's state of one instance
 */
final class Interfaces<H> {
    /** One definition for all: versions 0.2.x only ever add. */
    private static final String VERSION = "@0.2";

    private final Linker.Builder<H> linker;
    private final Function<? super H, WasiContext> contexts;
    private final Map<Class<?>, HostResource<H>> resources = new HashMap<>();

    Interfaces(Linker.Builder<H> linker, Function<? super H, WasiContext> contexts) {
        this.linker = linker;
        this.contexts = contexts;
    }

    /** @param name such as {@code wasi:io/poll} */
    Interface in(String name) {
        return new Interface(name + VERSION);
    }

    /** A resource used by several interfaces is the same object in each, and so the same type. */
    private HostResource<H> typeOf(Class<?> type) {
        return resources.computeIfAbsent(type,
                t -> HostResource.of(t, (host, dropped) -> contexts.apply(host).dropped(dropped)));
    }

    /** Adds to one interface. */
    final class Interface {
        private final String name;

        private Interface(String name) {
            this.name = name;
        }

        Interface function(String function, WasiFunction body) {
            linker.define(name, function, (host, arguments) -> body.call(contexts.apply(host), new Arguments(arguments)));
            return this;
        }

        /** A resource type that the interface defines, or uses from another. */
        Interface resource(String resource, Class<?> type) {
            linker.resource(name, resource, typeOf(type));
            return this;
        }
    }
}
