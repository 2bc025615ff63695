package org.ashlar.endive;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import run.endive.compiler.internal.ByteClassCollector;
import run.endive.runtime.Instance;

/**
 * Collects class files, and changes the one with Endive's runtime routines: it makes and counts objects through
 * {@link GuestHeap}, and does not look for an interrupt at every call and turn of a loop. Fuel does that, for less.
 */
final class OwnRoutines extends ByteClassCollector {
    /** How Endive's compiler names the class into which it copies its runtime routines. */
    private static final String ROUTINES = "Shaded";
    private static final String INTERRUPT_CHECK = "checkInterruption";
    private static final String INSTANCE = Type.getDescriptor(Instance.class);
    private static final String HEAP = Type.getInternalName(GuestHeap.class);

    @Override
    public void put(String className, byte[] file) {
        super.put(className, className.endsWith(ROUTINES) ? changed(file) : file);
    }

    private static byte[] changed(byte[] file) {
        ClassWriter writer = new ClassWriter(0);
        new ClassReader(file).accept(new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] throwing) {
                MethodVisitor method = super.visitMethod(access, name, descriptor, signature, throwing);
                if (name.startsWith("structNew") || name.startsWith("arrayNew")) {
                    return new Allocation(method, descriptor);
                }
                if (!name.equals(INTERRUPT_CHECK)) {
                    return method;
                }
                method.visitCode();
                method.visitInsn(Opcodes.RETURN);
                method.visitMaxs(0, 0);
                method.visitEnd();
                return null;
            }
        }, 0);
        return writer.toByteArray();
    }

    /** A routine that returns a new object; its last parameter is the instance. */
    private static final class Allocation extends MethodVisitor {
        private final int instance;

        Allocation(MethodVisitor next, String descriptor) {
            super(Opcodes.ASM9, next);
            if (!descriptor.endsWith(INSTANCE + ")" + Type.getDescriptor(Object.class))) {
                throw new IllegalStateException("Endive makes objects in another way than is counted: " + descriptor);
            }
            this.instance = (Type.getArgumentsAndReturnSizes(descriptor) >> 2) - 2; // without a receiver, and itself
        }

        @Override
        public void visitIntInsn(int opcode, int operand) {
            if (opcode == Opcodes.NEWARRAY && operand == Opcodes.T_LONG) {
                super.visitMethodInsn(Opcodes.INVOKESTATIC, HEAP, "newElements", "(I)[J", false);
            } else {
                super.visitIntInsn(opcode, operand);
            }
        }

        @Override
        public void visitInsn(int opcode) {
            if (opcode == Opcodes.ARETURN) {
                super.visitVarInsn(Opcodes.ALOAD, instance);
                super.visitMethodInsn(Opcodes.INVOKESTATIC, HEAP, "count",
                        "(Ljava/lang/Object;" + INSTANCE + ")Ljava/lang/Object;", false);
            }
            super.visitInsn(opcode);
        }

        @Override
        public void visitMaxs(int stack, int locals) {
            super.visitMaxs(Math.max(stack, 2), locals);
        }
    }
}
