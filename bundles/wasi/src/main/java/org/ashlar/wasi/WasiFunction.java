package org.ashlar.wasi;

/** A function of WASI, over the calling instance's context. */
@FunctionalInterface
interface WasiFunction {
    /** As {@link org.ashlar.component.HostFunction#call}. */
    Object call(WasiContext wasi, Arguments arguments);
}
