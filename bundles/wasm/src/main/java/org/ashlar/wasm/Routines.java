package org.ashlar.wasm;

import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;

/** How a compiled function calls what Chicory, or an engine that descends from it, does for it. */
final class Routines {
    /** The class of what needs neither memory nor instance. */
    private static final String PURE = "/OpcodeImpl";
    /** The class that each compiled module has of its own. */
    private static final String OWN = "Shaded";

    private Routines() { }

    static String name(InvokeInstruction call) {
        return call.name().stringValue();
    }

    static boolean isRoutine(InvokeInstruction call) {
        return call.opcode() == Opcode.INVOKESTATIC && (isPure(call) || call.owner().asInternalName().endsWith(OWN));
    }

    static boolean isPure(InvokeInstruction call) {
        return call.owner().asInternalName().endsWith(PURE);
    }
}
