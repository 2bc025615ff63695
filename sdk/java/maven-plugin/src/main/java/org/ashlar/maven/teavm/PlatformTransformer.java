package org.ashlar.maven.teavm;

import org.teavm.backend.wasm.runtime.WasmSupport;
import org.teavm.interop.Import;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.ClassReader;
import org.teavm.model.ElementModifier;
import org.teavm.model.MethodDescriptor;
import org.teavm.model.MethodHolder;
import org.teavm.model.MethodReader;
import org.teavm.model.MethodReference;
import org.teavm.model.ValueType;
import org.teavm.model.emit.ProgramEmitter;
import org.teavm.model.emit.ValueEmitter;

/**
 * Ties the process library and TeaVM's runtime together.
 *
 * <p>What TeaVM's class library asks of its host goes to the process library: each method of {@code WasmSupport} that
 * {@code Platform} has too, with the same name and type, calls that one. So no call to WASI preview 1 remains, and no
 * adapter for it is needed. In the other direction {@code Entry} gets calls to TeaVM's class initialization and to
 * the {@code main} method of the process. Runs after TeaVM's own redirection to WASI and replaces it.
 */
public final class PlatformTransformer implements ClassHolderTransformer {

    private static final String ENTRY = "org.ashlar.process.Entry";
    private static final String PLATFORM = "org.ashlar.process.Platform";
    private static final MethodDescriptor INIT_CLASSES = new MethodDescriptor("initClasses", void.class);
    private static final MethodDescriptor MAIN = new MethodDescriptor("main", String[].class, void.class);

    @Override
    public void transformClass(ClassHolder cls, ClassHolderTransformerContext context) {
        if (cls.getName().equals(WasmSupport.class.getName())) {
            redirectToPlatform(cls, context);
        } else if (cls.getName().equals(ENTRY)) {
            redirect(cls.getMethod(INIT_CLASSES), new MethodReference(WasmSupport.class.getName(), INIT_CLASSES), context);
            redirect(cls.getMethod(MAIN), new MethodReference(context.getEntryPoint(), MAIN), context);
        }
    }

    private static void redirectToPlatform(ClassHolder cls, ClassHolderTransformerContext context) {
        ClassReader platform = context.getHierarchy().getClassSource().get(PLATFORM);
        for (MethodHolder method : cls.getMethods()) {
            MethodReader replacement = platform.getMethod(method.getDescriptor());
            if (replacement != null && replacement.hasModifier(ElementModifier.STATIC)) {
                redirect(method, replacement.getReference(), context);
            }
        }
    }

    private static void redirect(MethodHolder method, MethodReference target, ClassHolderTransformerContext context) {
        method.getModifiers().remove(ElementModifier.NATIVE);
        method.getAnnotations().remove(Import.class.getName());
        ProgramEmitter program = ProgramEmitter.create(method, context.getHierarchy());
        ValueEmitter[] arguments = new ValueEmitter[method.parameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = program.var(i + 1, method.parameterType(i));
        }
        ValueEmitter result = program.invoke(target, arguments);
        if (method.getResultType() == ValueType.VOID) {
            program.exit();
        } else {
            result.returnValue();
        }
    }
}
