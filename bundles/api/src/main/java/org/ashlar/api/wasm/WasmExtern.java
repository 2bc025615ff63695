package org.ashlar.api.wasm;

/**
 * What can be exported by one instance and imported by another. Functions may also come from the host
 * ({@link HostFunction}); tables, globals and tags are opaque, and can only be handed from one instance to another of
 * the same engine.
 */
public sealed interface WasmExtern {
    /** A function. */
    non-sealed interface Function extends WasmExtern {
        FunctionType type();

        /**
         * Calls it. {@code i32} and {@code f32} travel in the low half (upper half unspecified on the way in, sign or zero
         * on the way out), {@code f32} and {@code f64} as raw bits.
         *
         * @return the results, an array of as many elements as the type has results; valid until the instance is called again
         * @throws WasmTrap        when the code traps, the stack overflows included; the instance stays usable
         * @throws WasmInterrupted when the thread was interrupted while Wasm code ran; the interrupt flag is cleared. It is
         *                         noticed at the end of a slice of {@link Fuel}
         */
        long[] call(long... arguments);
    }

    /** A linear memory. */
    non-sealed interface Memory extends WasmExtern, WasmMemory { }

    /** A table. */
    non-sealed interface Table extends WasmExtern { }

    /** A global. */
    non-sealed interface Global extends WasmExtern { }

    /** An exception tag. */
    non-sealed interface Tag extends WasmExtern { }
}
