package org.ashlar.wasm;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.ashlar.api.wasm.WasmException;

/**
 * Defines the classes of one compiled module, each when it is first needed; a class file is let go of then.
 *
 * @param <I> the engine's instance of a module
 * @param <M> what runs its functions
 */
public final class CodeLoader<I, M> extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final Map<String, byte[]> pending;
    private final MethodHandle constructor;
    private final Class<M> machineType;

    /**
     * @param engine   the class loader of the engine that compiled it
     * @param instance what the constructor of the machine's class takes
     * @param machine  what the machine's class is a subtype of
     * @throws WasmException when the JVM refuses the code
     */
    public CodeLoader(CompiledCode code, ClassLoader engine, Class<I> instance, Class<M> machine) {
        super("wasm", engine);
        this.machineType = machine;
        this.pending = new ConcurrentHashMap<>(code.classes());
        try {
            Class<?> type = Class.forName(code.machine(), true, this);
            this.constructor = MethodHandles.publicLookup()
                    .findConstructor(type, MethodType.methodType(void.class, instance))
                    .asType(MethodType.methodType(Object.class, Object.class));
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new WasmException("the compiled code cannot be loaded: " + Lines.first(e.toString()), e);
        }
    }

    /** Lets the JVM verify every class now rather than at the first call. */
    public void verify() {
        try {
            for (String name : pending.keySet()) {
                Class.forName(name, true, this);
            }
        } catch (ClassNotFoundException | LinkageError e) {
            throw new WasmException("the JVM refuses the compiled code: " + Lines.first(e.toString()), e);
        }
    }

    /** What runs the functions of this instance. */
    public M newMachine(I instance) {
        try {
            return machineType.cast((Object) constructor.invokeExact((Object) instance));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the constructor of compiled code declares no checked exception", e);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            byte[] file = pending.remove(name);
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, file, 0, file.length);
        }
    }
}
