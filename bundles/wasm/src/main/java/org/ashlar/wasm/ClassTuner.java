package org.ashlar.wasm;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Changes class files that Chicory's compiler made, or one that descends from it, so that HotSpot makes better code of them:
 * {@link SparedLocals}, {@link FusedBranches}, {@link MemoryInLocals} and {@link ReusedArrays} say how. What those compilers
 * do is known by names: a function is a static method {@code func_N} whose last two parameters are its memory and its
 * instance. What does not look so stays as it is.
 */
public final class ClassTuner {
    /** Changes whenever the result does; part of the key under which compiled code is kept. */
    static final int VERSION = 5;

    private static final String FUNCTION = "func_";
    private static final String INDIRECT = "call_indirect_";
    private static final String ENTRY = "call_[0-9]+";
    private static final String INSTANCE = "Instance";
    /** A method may have 64 KiB; so much of them before its branches get longer. */
    private static final int MOST_CODE = 60_000;
    private static final int ROOM_FOR_BRANCHES = 65_535 - MOST_CODE;
    /** Up to so many bytes a function stays far below the bound of {@link AccessCode}. */
    private static final int SMALL = 3_000;
    /** What is added for an instruction that calls, at most: for a write, with the branch behind it. */
    private static final int CALL_GROWTH = 34;
    /** The same where locals have such high numbers that instructions with them are twice as long. */
    private static final int WIDE_CALL_GROWTH = 46;
    private static final int FIRST_WIDE = 250;
    /** What a branch gets longer by when one of them has to reach further than 32 KiB, and a switch by being aligned. */
    private static final int BRANCH_GROWTH = 5;

    private final ClassFile format;
    /** The function that gives the next slice of fuel. */
    private final String next;
    private final Set<String> accounting;
    /** Functions of the host or of other instances; what they are here calls them. */
    private final Set<String> imported;

    /**
     * @param engine where the engine's own classes are found
     * @param module what was compiled, before {@link FuelRewriter} changed it
     */
    public ClassTuner(ClassLoader engine, byte[] module) {
        this.format = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(engine).orElse(ClassHierarchyResolver.defaultResolver())));
        Declarations declared = Declarations.of(module);
        this.next = FUNCTION + declared.fuelFunction();
        this.accounting = Set.of(next, FUNCTION + declared.chargeFunction(),
                FUNCTION + declared.chargeForManyFunction());
        this.imported = IntStream.rangeClosed(0, declared.fuelFunction()).mapToObj(i -> FUNCTION + i).collect(Collectors.toSet());
    }

    /** The same class, its functions changed. */
    public byte[] tuned(byte[] file) {
        return format.transformClass(format.parse(file), ClassTransform.transformingMethods(
                (method, element) -> {
                    if (element instanceof CodeModel code) {
                        transform(code).ifPresentOrElse(by -> method.transformCode(code, by), () -> method.with(code));
                    } else {
                        method.with(element);
                    }
                }));
    }

    private Optional<CodeTransform> transform(CodeModel code) {
        MethodModel method = code.parent().orElseThrow();
        return Optional.<CodeTransform>empty()
                .or(() -> reusedArrays(method))
                .or(() -> memory(method).isPresent() && longest(code) <= MOST_CODE ? Optional.of(function(code)) : Optional.empty());
    }

    /** How what calls out of an instance, or takes a call from outside, is changed; empty for all else. */
    private Optional<CodeTransform> reusedArrays(MethodModel method) {
        String name = method.methodName().stringValue();
        MethodTypeDesc type = method.methodTypeSymbol();
        int last = type.parameterCount() - 1;
        if (last > 0 && name.matches(ENTRY) && isNamed(type.parameterType(0), INSTANCE)) {
            return Optional.of(new ReusedArrays(type.parameterType(0), 0, "result"));
        }
        boolean leaves = imported.contains(name) || name.startsWith(INDIRECT);
        return leaves && last > 0 && isNamed(type.parameterType(last), INSTANCE)
                ? Optional.of(new ReusedArrays(type.parameterType(last), slot(type, last), "arguments")) : Optional.empty();
    }

    private CodeTransform function(CodeModel code) {
        int room = MOST_CODE - longest(code);
        SparedLocals spared = new SparedLocals(code, next);
        boolean fits = code.exceptionHandlers().isEmpty() && spared.growth() <= room;
        CodeTransform rest = new FusedBranches().andThen(memoryInLocals(code, fits ? room - spared.growth() : room));
        return fits ? spared.andThen(rest) : rest;
    }

    private MemoryInLocals memoryInLocals(CodeModel code, int room) {
        int memory = memory(code.parent().orElseThrow()).orElseThrow();
        boolean isSmall = ((CodeAttribute) code).codeLength() <= SMALL;
        return new MemoryInLocals(code, memory, accounting, room, isSmall);
    }

    /** How long it may get without the locals that are spared and the accesses that are written out, but for what branches have. */
    private static int longest(CodeModel code) {
        CodeAttribute size = (CodeAttribute) code;
        int ofCall = size.maxLocals() < FIRST_WIDE ? CALL_GROWTH : WIDE_CALL_GROWTH;
        int length = size.codeLength();
        int branches = 0;
        for (CodeElement each : code) {
            switch (each) {
                case InvokeInstruction _ -> length += ofCall;
                case BranchInstruction _, TableSwitchInstruction _, LookupSwitchInstruction _ -> branches += BRANCH_GROWTH;
                default -> { }
            }
        }
        return length + Math.max(0, branches - ROOM_FOR_BRANCHES);
    }

    /** The local in which a function is given its memory; empty when the method is no function. */
    private static OptionalInt memory(MethodModel method) {
        MethodTypeDesc type = method.methodTypeSymbol();
        int last = type.parameterCount() - 1;
        if (!method.methodName().stringValue().startsWith(FUNCTION) || last < 1
                || !isNamed(type.parameterType(last), INSTANCE) || !isNamed(type.parameterType(last - 1), "Memory")) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(slot(type, last - 1));
    }

    /** The local in which a static method is given a parameter. */
    private static int slot(MethodTypeDesc type, int parameter) {
        int slot = 0;
        for (int i = 0; i < parameter; i++) {
            slot += TypeKind.from(type.parameterType(i)).slotSize();
        }
        return slot;
    }

    private static boolean isNamed(ClassDesc type, String name) {
        return type.displayName().equals(name);
    }
}
