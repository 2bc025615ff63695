package org.ashlar.chicory;

import com.dylibso.chicory.compiler.internal.ByteClassCollector;
import com.dylibso.chicory.runtime.Instance;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Collects class files, and has the one with Chicory's runtime routines make and register objects through
 * {@link GuestHeap}.
 */
final class CountedObjects extends ByteClassCollector {
    /** How Chicory's compiler names the class into which it copies its runtime routines. */
    private static final String ROUTINES = "Shaded";
    private static final String INSTANCE = Type.getInternalName(Instance.class);
    private static final String HEAP = Type.getInternalName(GuestHeap.class);

    @Override
    public void put(String className, byte[] file) {
        super.put(className, className.endsWith(ROUTINES) ? counted(file) : file);
    }

    private static byte[] counted(byte[] file) {
        ClassWriter writer = new ClassWriter(0);
        new ClassReader(file).accept(new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] throwing) {
                return new Redirection(super.visitMethod(access, name, descriptor, signature, throwing));
            }
        }, 0);
        return writer.toByteArray();
    }

    private static final class Redirection extends MethodVisitor {
        Redirection(MethodVisitor next) {
            super(Opcodes.ASM9, next);
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
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            if (owner.equals(INSTANCE) && name.equals("registerGcRef")) {
                super.visitMethodInsn(Opcodes.INVOKESTATIC, HEAP, "register",
                        "(L" + INSTANCE + ";" + descriptor.substring(1), false);
            } else {
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            }
        }
    }
}
