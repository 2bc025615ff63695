package org.ashlar.tck;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What the functions of a compiled module call, read from its class files. */
public final class CompiledCalls {
    private CompiledCalls() { }

    /** @return as in {@code OpcodeImpl.I32_LT_S}, of all methods that are functions of the module */
    public static Set<String> of(Collection<byte[]> classFiles) {
        return new TreeSet<>(each(classFiles));
    }

    /** The same, each as often as it is written there. */
    public static List<String> each(Collection<byte[]> classFiles) {
        List<String> calls = new ArrayList<>();
        for (byte[] file : classFiles) {
            for (MethodModel method : ClassFile.of().parse(file).methods()) {
                if (method.methodName().stringValue().startsWith("func_")) {
                    method.code().ifPresent(code -> code.forEach(each -> note(each, calls)));
                }
            }
        }
        return calls;
    }

    private static void note(CodeElement element, List<String> calls) {
        if (element instanceof InvokeInstruction call) {
            String owner = call.owner().asInternalName();
            calls.add(owner.substring(owner.lastIndexOf('/') + 1) + "." + call.name().stringValue());
        }
    }
}
