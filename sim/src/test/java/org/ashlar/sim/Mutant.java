package org.ashlar.sim;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Queue;
import java.util.Set;

/**
 * The code under test with a fault in it: loads all of it anew, one class changed on the way. What is built and delivered never has
 * such a fault, not even switched off.
 */
public final class Mutant extends ClassLoader {
    private final String changed;
    private final ClassTransform change;
    private boolean applied;

    private Mutant(String changed, ClassTransform change) {
        super(Mutant.class.getClassLoader());
        this.changed = changed;
        this.change = change;
    }

    /** No fault at all. */
    static Mutant none() {
        return new Mutant("org.ashlar.kernel.Mailbox", in(Set.of("poll"), (code, element) -> code.with(element)));
    }

    /** A mailbox from which now and then the second comes before the first. */
    static Mutant reorderedQueue() {
        CodeTransform swap = (code, element) -> {
            if (element instanceof InvokeInstruction call && call.name().equalsString("poll")
                    && call.owner().asInternalName().equals("java/util/Queue")) {
                code.invokestatic(ClassDesc.of(Mutant.class.getName()), "second",
                        MethodTypeDesc.of(ConstantDescs.CD_Object, ClassDesc.of(Queue.class.getName())));
            } else {
                code.with(element);
            }
        };
        return new Mutant("org.ashlar.kernel.Mailbox", in(Set.of("poll"), swap));
    }

    /** Takes the second when there is one. */
    public static Object second(Queue<Object> queue) {
        Object first = queue.poll();
        Object second = queue.poll();
        if (second != null) {
            queue.add(first);
            return second;
        }
        return first;
    }

    /** A network that does not tell whoever waits for a node that it will never answer. */
    static Mutant missedOffline() {
        CodeTransform nothing = new CodeTransform() {
            private boolean begun;

            @Override
            public void accept(java.lang.classfile.CodeBuilder code, CodeElement element) {
                if (!begun) {
                    begun = true;
                    code.return_();
                }
            }
        };
        return new Mutant("org.ashlar.net.Inflight", in(Set.of("fail"), nothing));
    }

    /** A cipher that counts from 0 to 1 and begins anew, on both sides alike: so nobody notices, but who reads along. */
    static Mutant reusedNonce() {
        CodeTransform wrap = (code, element) -> {
            if (element instanceof FieldInstruction field && field.opcode() == Opcode.PUTFIELD && field.name().equalsString("next")) {
                code.lconst_1().land();
            }
            code.with(element);
        };
        return new Mutant("org.ashlar.noise.CipherState", in(Set.of("encrypt", "decrypt"), wrap));
    }

    private static ClassTransform in(Set<String> methods, CodeTransform change) {
        return ClassTransform.transformingMethodBodies(each -> methods.contains(each.methodName().stringValue()), change);
    }

    /** {@link Storm#mutated} with the fault. */
    String run(long seed) throws Throwable {
        try {
            Method run = loadClass(Storm.class.getName()).getDeclaredMethod("mutated", long.class);
            run.setAccessible(true);
            Object outcome = run.invoke(null, seed);
            if (!applied) {
                throw new IllegalStateException(changed + " was not loaded");
            }
            return (String) outcome;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            if (!name.startsWith("org.ashlar.") || name.startsWith("org.ashlar.api.") || name.startsWith("org.ashlar.codec.")
                    || name.equals(Mutant.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> known = findLoadedClass(name);
            return known != null ? known : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            if (name.equals(changed)) {
                ClassModel model = ClassFile.of().parse(bytes);
                byte[] mutated = ClassFile.of(ClassFile.DeadCodeOption.PATCH_DEAD_CODE).transformClass(model, change);
                applied = true;
                bytes = mutated;
            }
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
