package org.ashlar.guest;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Makes sure that there is stack left before the kernel is entered. A guest may recurse until one frame more would
 * overflow and then call the host: the overflow must come here, not in the middle of what the kernel does under a lock.
 * <p>
 * When a method begins, HotSpot looks whether there is room for its frame, if that is larger than a page of memory. So a method
 * with such a frame is called; it is made here, since no source has so many values at a time. Now and then it fills the frame,
 * or the JVM's compiler would leave out what is never done, and make the frame small.
 * <p>
 * One for each run; used by its thread alone.
 */
final class StackReserve {
    /** Values of eight bytes that take more than a page of 4 KiB. */
    private static final int VALUES = 520;
    private static final int FILLED_EVERY = 1 << 10;
    private static final ClassDesc FRAME = ClassDesc.of(StackReserve.class.getPackageName() + ".Frame");
    private static final MethodTypeDesc TYPE = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_int);
    private static final MethodHandle ENTER = make();

    private int calls;

    /** @throws StackOverflowError when too little is left, which traps the guest with {@code call stack exhausted} */
    void ensure() {
        enter(++calls % FILLED_EVERY == 0 ? 1 : 0);
    }

    /** Enters a frame and, in it, so many others, each of which fills the one before. */
    static void enter(int others) {
        try {
            long zero = (long) ENTER.invokeExact(others);
        } catch (StackOverflowError e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("it calls nothing but itself", e);
        }
    }

    private static MethodHandle make() {
        try {
            MethodHandles.Lookup made = MethodHandles.lookup().defineHiddenClass(ClassFile.of().build(FRAME, StackReserve::frame), true);
            return made.findStatic(made.lookupClass(), "enter", MethodType.methodType(long.class, int.class));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("the class was made here", e);
        }
    }

    private static void frame(ClassBuilder to) {
        for (int i = 0; i < VALUES; i++) {
            to.withField("value" + i, ConstantDescs.CD_long, ClassFile.ACC_STATIC);
        }
        to.withMethodBody("enter", TYPE, ClassFile.ACC_STATIC, StackReserve::enter);
    }

    /** Reads all values, which the call may change, and uses them after it, if its result, always zero, were not. */
    private static void enter(CodeBuilder to) {
        Label fill = to.newLabel();
        Label done = to.newLabel();
        to.iload(0).ifgt(fill).lconst_0().lreturn().labelBinding(fill);
        for (int i = 0; i < VALUES; i++) {
            to.getstatic(FRAME, "value" + i, ConstantDescs.CD_long).lstore(1 + 2 * i);
        }
        to.iload(0).iconst_1().isub().invokestatic(FRAME, "enter", TYPE).dup2().lconst_0().lcmp().ifeq(done);
        for (int i = 0; i < VALUES; i++) {
            to.lload(1 + 2 * i).lxor();
        }
        to.labelBinding(done).lreturn();
    }
}
