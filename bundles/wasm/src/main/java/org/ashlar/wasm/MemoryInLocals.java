package org.ashlar.wasm;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps the array of a function's memory, and its base, in two locals. Where they are fields the JVM reads them anew after
 * everything that might have changed them: each call, and each write that might have been the one in many that moved the
 * array. In locals they are read anew only when that has really happened: after calls, but those that count fuel; after a
 * write that did move the array; and where an exception is caught.
 */
final class MemoryInLocals implements CodeTransform {
    private static final ClassDesc ACCESS = ClassDesc.of(MemoryAccess.class.getName());
    private static final ClassDesc BYTES = ConstantDescs.CD_byte.arrayType();
    private static final ClassDesc MEMORY = ClassDesc.of(FlatMemory.class.getName());
    private static final MethodTypeDesc BYTES_OF = MethodTypeDesc.of(BYTES);
    private static final MethodTypeDesc BASE_OF = MethodTypeDesc.of(ConstantDescs.CD_int);
    private static final String READ = "memoryRead";
    private static final String WRITE = "memoryWrite";
    private static final Set<String> WIDTHS = Set.of("Byte", "Short", "Int", "Long", "Float", "Double");
    private static final Set<String> GLOBALS = Set.of("readGlobal", "writeGlobal");

    /** The JDK's own, as in {@code Integer.compareUnsigned}: they know no memory. */
    private static final String LIBRARY = "java/lang/";

    private final int memory;
    private final Set<String> accounting;
    private final Set<Label> handlers = new HashSet<>();
    private final int accesses;
    private final boolean writtenOut;
    private int bytes;
    private int base;
    private AccessCode written;
    private boolean memoryOnTop;

    /**
     * @param memory     the local that has the memory
     * @param accounting names of functions that leave every memory as it is
     * @param room       how many bytes the function may get longer by
     * @param isSmall    whether the JVM inlines all of its calls anyway, so that it need not get longer
     */
    MemoryInLocals(CodeModel code, int memory, Set<String> accounting, int room, boolean isSmall) {
        this.memory = memory;
        this.accounting = accounting;
        code.exceptionHandlers().forEach(each -> handlers.add(each.handler()));
        int found = 0;
        for (CodeElement each : code) {
            found += each instanceof InvokeInstruction call && access(call).isPresent() ? 1 : 0;
        }
        this.accesses = found;
        this.writtenOut = !isSmall && MemoryAccess.LITTLE && (long) found * AccessCode.GROWTH <= room;
    }

    @Override
    public void atStart(CodeBuilder to) {
        if (accesses > 0) {
            bytes = to.allocateLocal(TypeKind.REFERENCE);
            base = to.allocateLocal(TypeKind.LONG);
            locate(to);
            written = writtenOut ? new AccessCode(to, memory, bytes, base) : null;
        }
    }

    @Override
    public void accept(CodeBuilder to, CodeElement element) {
        boolean onMemory = memoryOnTop;
        memoryOnTop = element instanceof LoadInstruction load && load.typeKind() == TypeKind.REFERENCE && load.slot() == memory;
        if (accesses == 0) {
            to.with(element);
        } else if (element instanceof InvokeInstruction call) {
            call(to, call, onMemory);
        } else {
            to.with(element);
            if (element instanceof LabelTarget target && handlers.contains(target.label())) {
                locate(to);
            }
        }
    }

    private void call(CodeBuilder to, InvokeInstruction call, boolean onMemory) {
        Optional<String> access = onMemory ? access(call) : Optional.empty();
        if (access.isPresent()) {
            access(to, access.get(), call.typeSymbol());
            return;
        }
        to.with(call);
        if (mayMove(call)) {
            locate(to);
        }
    }

    private boolean mayMove(InvokeInstruction call) {
        String name = Routines.name(call);
        if (call.owner().asInternalName().startsWith(LIBRARY)) {
            return false;
        }
        return Routines.isRoutine(call) ? !Routines.isPure(call) && !GLOBALS.contains(name) && !name.startsWith(READ)
                : call.opcode() != Opcode.INVOKESTATIC || !accounting.contains(name);
    }

    /** What of {@link MemoryAccess} does the same as this call. */
    private static Optional<String> access(InvokeInstruction call) {
        String name = Routines.name(call);
        if (!Routines.isRoutine(call)) {
            return Optional.empty();
        } else if (name.startsWith(READ) && WIDTHS.contains(name.substring(READ.length()))) {
            return Optional.of("read" + name.substring(READ.length()));
        } else if (name.startsWith(WRITE) && WIDTHS.contains(name.substring(WRITE.length()))) {
            return Optional.of("write" + name.substring(WRITE.length()));
        }
        return Optional.empty();
    }

    /** @param old the routine's type, whose last parameter is the memory */
    private void access(CodeBuilder to, String name, MethodTypeDesc old) {
        if (written != null) {
            to.pop(); // the memory
            if (name.startsWith("read")) {
                written.read(name.substring("read".length()));
            } else {
                written.write(name.substring("write".length()), () -> locate(to));
            }
            return;
        }
        MethodTypeDesc type = old.changeParameterType(old.parameterCount() - 1, ConstantDescs.CD_Object)
                .insertParameterTypes(old.parameterCount(), BYTES, ConstantDescs.CD_long);
        to.aload(bytes).lload(base);
        if (name.startsWith("read")) {
            to.invokestatic(ACCESS, name, type);
        } else {
            Label where = to.newLabel();
            to.invokestatic(ACCESS, name, type.changeReturnType(ConstantDescs.CD_boolean)).ifeq(where);
            locate(to);
            to.labelBinding(where);
        }
    }

    private void locate(CodeBuilder to) {
        to.aload(memory).checkcast(MEMORY).invokevirtual(MEMORY, "bytes", BYTES_OF).astore(bytes);
        to.aload(memory).checkcast(MEMORY).invokevirtual(MEMORY, "base", BASE_OF).i2l().lstore(base);
    }
}
