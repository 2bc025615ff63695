package org.ashlar.wasm;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Changes class files that Chicory's compiler made, or one that descends from it, so that HotSpot makes better code of them:
 * {@link FusedBranches} and {@link MemoryInLocals} say how. What those compilers do is known by names: a function is a static
 * method {@code func_N} whose last two parameters are its memory and its instance. What does not look so stays as it is.
 */
public final class ClassTuner {
    /** Changes whenever the result does; part of the key under which compiled code is kept. */
    static final int VERSION = 1;

    private static final String FUNCTION = "func_";
    /** A method may have 64 KiB. */
    private static final int MOST_CODE = 60_000;
    /** What is added for an instruction that calls, at most. */
    private static final int CALL_GROWTH = 32;

    private final ClassFile format;
    private final Set<String> accounting;

    /**
     * @param engine where the engine's own classes are found
     * @param module what was compiled, before {@link FuelRewriter} changed it
     */
    public ClassTuner(ClassLoader engine, byte[] module) {
        this.format = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(engine).orElse(ClassHierarchyResolver.defaultResolver())));
        Declarations declared = Declarations.of(module);
        this.accounting = Set.of(FUNCTION + declared.fuelFunction(), FUNCTION + declared.chargeFunction(),
                FUNCTION + declared.chargeForManyFunction());
    }

    /** The same class, its functions changed. */
    public byte[] tuned(byte[] file) {
        return format.transformClass(format.parse(file), ClassTransform.transformingMethods(
                method -> memory(method).isPresent(),
                (method, element) -> {
                    if (element instanceof CodeModel code && longest(code) <= MOST_CODE) {
                        int memory = memory(code.parent().orElseThrow()).orElseThrow();
                        method.transformCode(code, new FusedBranches().andThen(new MemoryInLocals(code, memory, accounting)));
                    } else {
                        method.with(element);
                    }
                }));
    }

    private static int longest(CodeModel code) {
        int length = ((CodeAttribute) code).codeLength();
        for (var each : code) {
            length += each instanceof InvokeInstruction ? CALL_GROWTH : 0;
        }
        return length;
    }

    /** The local in which a function is given its memory; empty when the method is no function. */
    private static OptionalInt memory(MethodModel method) {
        MethodTypeDesc type = method.methodTypeSymbol();
        int last = type.parameterCount() - 1;
        if (!method.methodName().stringValue().startsWith(FUNCTION) || last < 1
                || !isNamed(type.parameterType(last), "Instance") || !isNamed(type.parameterType(last - 1), "Memory")) {
            return OptionalInt.empty();
        }
        int slot = 0;
        for (int i = 0; i < last - 1; i++) {
            slot += TypeKind.from(type.parameterType(i)).slotSize();
        }
        return OptionalInt.of(slot);
    }

    private static boolean isNamed(ClassDesc type, String name) {
        return type.displayName().equals(name);
    }
}
