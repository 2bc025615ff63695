package org.ashlar.wasm;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/** Takes the arrays for calls that leave an instance, and for results of those that enter it, from {@link CallArrays}. */
final class ReusedArrays implements CodeTransform {
    private static final ClassDesc OWNER = ClassDesc.of(CallArrays.class.getName());
    private static final MethodTypeDesc TAKE = MethodTypeDesc.of(ConstantDescs.CD_long.arrayType(), ConstantDescs.CD_int);

    private final ClassDesc type;
    private final int instance;
    private final String purpose;

    /**
     * @param type     the engine's class of instances
     * @param instance the local that has the instance
     * @param purpose  {@code arguments} or {@code result}
     */
    ReusedArrays(ClassDesc type, int instance, String purpose) {
        this.type = type;
        this.instance = instance;
        this.purpose = purpose;
    }

    @Override
    public void accept(CodeBuilder to, CodeElement element) {
        if (element instanceof NewPrimitiveArrayInstruction made && made.typeKind() == TypeKind.LONG) {
            ClassDesc machine = ClassDesc.of(type.packageName(), "Machine");
            to.aload(instance).invokevirtual(type, "getMachine", MethodTypeDesc.of(machine)).checkcast(OWNER)
                    .swap().invokevirtual(OWNER, purpose, TAKE);
        } else {
            to.with(element);
        }
    }
}
