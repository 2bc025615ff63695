package org.ashlar.tck;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the functions of a compiled module call, read from its class files. */
public final class CompiledCalls {
    private CompiledCalls() { }

    /** @return as in {@code OpcodeImpl.I32_LT_S}, of all methods that are functions of the module */
    public static Set<String> of(Collection<byte[]> classFiles) {
        return new TreeSet<>(each(classFiles));
    }

    /** The same, each as often as it is written there. */
    public static List<String> each(Collection<byte[]> classFiles) {
        return functions(classFiles).filter(InvokeInstruction.class::isInstance).map(InvokeInstruction.class::cast)
                .map(call -> name(call.owner(), call.name().stringValue())).toList();
    }

    /** The fields that they read or write, each as often as it is written there; as in {@code MemoryAccess.UNSAFE}. */
    public static List<String> fields(Collection<byte[]> classFiles) {
        return functions(classFiles).filter(FieldInstruction.class::isInstance).map(FieldInstruction.class::cast)
                .map(field -> name(field.owner(), field.name().stringValue())).toList();
    }

    private static Stream<CodeElement> functions(Collection<byte[]> classFiles) {
        return classFiles.stream().flatMap(file -> ClassFile.of().parse(file).methods().stream())
                .filter(method -> method.methodName().stringValue().startsWith("func_"))
                .flatMap(method -> method.code().stream()).flatMap(CodeModel::elementStream);
    }

    private static String name(ClassEntry owner, String member) {
        String name = owner.asInternalName();
        return name.substring(name.lastIndexOf('/') + 1) + "." + member;
    }
}
