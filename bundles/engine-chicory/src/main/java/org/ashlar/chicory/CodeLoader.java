package org.ashlar.chicory;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.ashlar.api.wasm.WasmException;

/** Defines the classes of one compiled module, each when it is first needed; a class file is let go of then. */
final class CodeLoader extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final Map<String, byte[]> pending;
    private final MethodHandle machine;

    /** @throws WasmException when the JVM refuses the code */
    CodeLoader(CompiledCode code) {
        super("wasm", CodeLoader.class.getClassLoader());
        this.pending = new ConcurrentHashMap<>(code.classes());
        try {
            Class<?> type = Class.forName(code.machine(), true, this);
            this.machine = MethodHandles.publicLookup()
                    .findConstructor(type, MethodType.methodType(void.class, Instance.class))
                    .asType(MethodType.methodType(Machine.class, Instance.class));
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new WasmException("the compiled code cannot be loaded: " + e, e);
        }
    }

    /** Lets the JVM verify every class now rather than at the first call. */
    void verify() {
        try {
            for (String name : pending.keySet()) {
                Class.forName(name, true, this);
            }
        } catch (ClassNotFoundException | LinkageError e) {
            throw new WasmException("the JVM refuses the compiled code: " + e, e);
        }
    }

    Machine newMachine(Instance instance) {
        try {
            return (Machine) machine.invokeExact(instance);
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
