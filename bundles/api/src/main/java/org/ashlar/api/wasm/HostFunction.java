package org.ashlar.api.wasm;

import java.util.Objects;

/**
 * A function of the host, to be imported by a module.
 *
 * @param type its core type
 * @param body what it does, on the calling instance's thread. What it throws ends the call of the instance and reaches
 *             that call's caller unchanged
 */
public record HostFunction(FunctionType type, Body body) implements WasmExtern.Function {
    public HostFunction {
        Objects.requireNonNull(body, "body");
    }

    @Override
    public long[] call(long... arguments) {
        return body.call(arguments);
    }

    /**
     * The code of a host function; values as in {@link WasmExtern.Function#call}. The arguments are valid until it returns, or
     * calls the instance.
     */
    @FunctionalInterface
    public interface Body {
        long[] call(long[] arguments);
    }
}
