package org.ashlar.endive;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ashlar.api.wasm.WasmException;
import org.ashlar.wasm.Lines;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.Element;
import run.endive.wasm.types.Global;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.MemoryImport;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.TagImport;
import run.endive.wasm.types.TagType;
import run.endive.wasm.types.TypeSection;

/** Refuses modules that use what this engine lacks, or what would let them take heap that nobody counts. */
final class Supported {
    private static final Set<OpCode> SIZED_BY_VALUE = EnumSet.of(OpCode.ARRAY_NEW, OpCode.ARRAY_NEW_DEFAULT);
    private static final Set<OpCode> ALLOCATING = EnumSet.of(OpCode.ARRAY_NEW, OpCode.ARRAY_NEW_DEFAULT,
            OpCode.ARRAY_NEW_FIXED, OpCode.STRUCT_NEW, OpCode.STRUCT_NEW_DEFAULT);

    private Supported() { }

    /** @throws WasmException that names the feature */
    static void check(WasmModule module) {
        if (hasSharedMemory(module)) {
            throw new WasmException("shared memories are not supported");
        }
        if (hasTagWithResults(module)) {
            throw new WasmException("non-empty tag result type");
        }
        Stream<Instruction> globals = Arrays.stream(module.globalSection().globals())
                .map(Global::initInstructions).flatMap(List::stream);
        if (globals.anyMatch(each -> SIZED_BY_VALUE.contains(each.opcode()))) {
            throw new WasmException("arrays of computed length in the initial value of a global are not supported");
        }
        Stream<Instruction> elements = Arrays.stream(module.elementSection().elements())
                .map(Element::initializers).flatMap(List::stream).flatMap(List::stream);
        Stream<Instruction> tables = IntStream.range(0, module.tableSection().tableCount())
                .mapToObj(i -> module.tableSection().getTable(i).initialize()).flatMap(List::stream);
        if (Stream.concat(elements, tables).anyMatch(each -> ALLOCATING.contains(each.opcode()))) {
            throw new WasmException("objects made by an element segment or a table are not supported");
        }
    }

    /** @throws WasmException when functions that make objects may run where {@link GuestHeap} does not count them */
    static void checkInterpreted(WasmModule module, Collection<String> interpreted) {
        if (!interpreted.isEmpty() && hasObjects(module.typeSection())) {
            throw new WasmException("the module uses garbage-collected objects, and these functions of it are too large for a "
                    + "method of the JVM: " + Lines.first(String.join(", ", interpreted)));
        }
    }

    private static boolean hasSharedMemory(WasmModule module) {
        boolean imported = module.importSection().stream()
                .anyMatch(each -> each instanceof MemoryImport memory && memory.limits().shared());
        return imported || module.memorySection().stream().anyMatch(section -> IntStream
                .range(0, section.memoryCount()).anyMatch(i -> section.getMemory(i).limits().shared()));
    }

    /** Not valid, but Endive lets it pass. */
    private static boolean hasTagWithResults(WasmModule module) {
        Stream<TagType> imported = module.importSection().stream()
                .filter(TagImport.class::isInstance).map(each -> ((TagImport) each).tagType());
        Stream<TagType> own = module.tagSection().stream().flatMap(section -> Arrays.stream(section.types()));
        return Stream.concat(imported, own)
                .anyMatch(tag -> !module.typeSection().getType(tag.typeIdx()).returns().isEmpty());
    }

    private static boolean hasObjects(TypeSection types) {
        return IntStream.range(0, types.subTypeCount())
                .mapToObj(i -> types.getSubType(i).compType())
                .anyMatch(type -> type.funcType() == null);
    }
}
