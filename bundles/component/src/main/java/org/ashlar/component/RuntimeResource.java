package org.ashlar.component;

import java.util.Optional;

import org.ashlar.api.wasm.WasmExtern;

/** A resource type while it is in use. Two are the same type only when they are the same object. */
sealed interface RuntimeResource {
    String describe();

    /** Releases what an owned handle stood for. */
    void destroy(Object value, Optional<InstanceState> dropper, Object host);

    /** A resource type of the host; the value of a handle is the host's object. */
    final class HostDefined implements RuntimeResource {
        private final HostResource<Object> resource;

        @SuppressWarnings("unchecked") // the linker that holds it has the same type of host state as those who call it
        HostDefined(HostResource<?> resource) {
            this.resource = (HostResource<Object>) resource;
        }

        @Override
        public String describe() {
            return "host-defined resource";
        }

        Object check(Object value) {
            return resource.type().cast(value);
        }

        @Override
        public void destroy(Object value, Optional<InstanceState> dropper, Object host) {
            resource.destructor().accept(host, value);
        }
    }

    /** A resource type of a component instance; the value of a handle is a {@link GuestHandle}. */
    final class GuestDefined implements RuntimeResource {
        final InstanceState definer;
        private final Optional<WasmExtern.Function> destructor;

        GuestDefined(InstanceState definer, Optional<WasmExtern.Function> destructor) {
            this.definer = definer;
            this.destructor = destructor;
        }

        @Override
        public String describe() {
            return "guest-defined resource";
        }

        @Override
        public void destroy(Object value, Optional<InstanceState> dropper, Object host) {
            InstanceState[] entered = definer.enteredFrom(dropper);
            InstanceState.enter(entered);
            destructor.ifPresent(function -> function.call(Codec.unsigned(((GuestHandle) value).representation)));
            InstanceState.leave(entered);
        }
    }
}
