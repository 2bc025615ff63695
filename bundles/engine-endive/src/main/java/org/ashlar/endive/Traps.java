package org.ashlar.endive;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.wasm.WasmInterrupted;
import org.ashlar.api.wasm.WasmTrap;
import org.ashlar.wasm.FlatMemory;
import org.ashlar.wasm.Lines;
import run.endive.runtime.WasmInterruptedException;
import run.endive.wasm.WasmEngineException;

/** Says what Endive throws while code runs in the words of the specification. */
final class Traps {
    static final String UNCAUGHT = "uncaught exception";
    static final String STACK_EXHAUSTED = "call stack exhausted";

    /** Beginnings of Endive's messages that the specification words differently. */
    private static final Map<String, String> WORDS = Map.of(
            "Trapped on unreachable", "unreachable",
            "Trapped on ref_as_non_null", "null reference",
            "Trapped on call_ref", "null function reference",
            // its dispatch by function number says so when the number has another type
            "unknown function", "indirect call type mismatch");
    /** Beginnings that are the specification's, followed by figures of Endive's. */
    private static final List<String> PREFIXES = List.of(FlatMemory.OUT_OF_BOUNDS, "uninitialized element");

    private Traps() { }

    static RuntimeException of(WasmEngineException e) {
        if (e instanceof WasmInterruptedException) {
            Thread.interrupted();
            return new WasmInterrupted();
        }
        return new WasmTrap(words(Optional.ofNullable(e.getMessage()).orElse("trap")), e);
    }

    private static String words(String message) {
        for (Map.Entry<String, String> each : WORDS.entrySet()) {
            if (message.startsWith(each.getKey())) {
                return each.getValue();
            }
        }
        return PREFIXES.stream().filter(message::startsWith).findFirst().orElse(Lines.first(message));
    }
}
