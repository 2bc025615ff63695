package org.ashlar.chicory;

import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.ImportGlobal;
import com.dylibso.chicory.runtime.ImportMemory;
import com.dylibso.chicory.runtime.ImportTable;
import com.dylibso.chicory.runtime.ImportTag;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.WasmFunctionHandle;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.GlobalImport;
import com.dylibso.chicory.wasm.types.Import;
import com.dylibso.chicory.wasm.types.ImportSection;
import com.dylibso.chicory.wasm.types.MemoryImport;
import com.dylibso.chicory.wasm.types.TableImport;
import com.dylibso.chicory.wasm.types.TagImport;
import com.dylibso.chicory.wasm.types.TypeSection;
import com.dylibso.chicory.wasm.types.ValType;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.wasm.WasmException;
import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.wasm.FuelGauge;

/**
 * Ties externs to imports. Chicory finds them by name, the contract by position (a module may import the same name
 * twice), so the imports are renamed after their positions once, and the values made to match.
 */
final class Linking {
    private static final String ANY_MODULE = "";
    private static final FunctionType FUEL = FunctionType.of(List.of(ValType.I32), List.of(ValType.I32));

    private Linking() { }

    /** The same module with imports named {@code 0}, {@code 1}, and so on. */
    static WasmModule byPosition(WasmModule module) {
        ImportSection.Builder imports = ImportSection.builder();
        for (int i = 0; i < module.importSection().importCount(); i++) {
            imports.addImport(renamed(module.importSection().getImport(i), Integer.toString(i)));
        }
        return WasmModule.builder()
                .setTypeSection(module.typeSection())
                .setImportSection(imports.build())
                .setFunctionSection(module.functionSection())
                .setTableSection(module.tableSection())
                .setMemorySection(module.memorySection().orElse(null))
                .setGlobalSection(module.globalSection())
                .setExportSection(module.exportSection())
                .setStartSection(module.startSection().orElse(null))
                .setElementSection(module.elementSection())
                .setCodeSection(module.codeSection())
                .setDataSection(module.dataSection())
                .setDataCountSection(module.dataCountSection().orElse(null))
                .setTagSection(module.tagSection().orElse(null))
                .withValidation(false)
                .build();
    }

    private static Import renamed(Import old, String name) {
        return switch (old) {
            case FunctionImport f -> new FunctionImport(ANY_MODULE, name, f.typeIndex());
            case TableImport t -> new TableImport(ANY_MODULE, name, t.entryType(), t.limits());
            case MemoryImport m -> new MemoryImport(ANY_MODULE, name, m.limits());
            case GlobalImport g -> new GlobalImport(ANY_MODULE, name, g.mutabilityType(), g.type());
            case TagImport t -> new TagImport(ANY_MODULE, name, t.tagType().attribute(), t.tagType().typeIdx());
            default -> throw new IllegalArgumentException("an import of an unknown kind: " + old);
        };
    }

    /**
     * @param module  with imports named after their positions
     * @param imports the same with their original names, for messages
     * @param fuel    what the last import, which is not one of {@code imports}, is tied to
     * @throws WasmException when an extern does not fit its import
     */
    static ImportValues importValues(WasmModule module, List<org.ashlar.api.wasm.WasmModule.Import> imports,
                                     List<? extends WasmExtern> externs, Optional<FuelGauge> fuel) {
        if (externs.size() != imports.size()) {
            throw new WasmException("the module has " + imports.size() + " imports, and " + externs.size()
                    + " externs were given");
        }
        ImportValues.Builder values = ImportValues.builder();
        for (int i = 0; i < externs.size(); i++) {
            if (!add(values, module, i, externs.get(i))) {
                var wanted = imports.get(i);
                throw new WasmException("incompatible import type: import " + i + ", " + wanted.module() + "."
                        + wanted.name() + ", is another " + wanted.kind() + " than what was given");
            }
        }
        fuel.ifPresent(gauge -> values.addFunction(new ImportFunction(ANY_MODULE, name(module, imports.size()), FUEL,
                (caller, arguments) -> new long[] {gauge.next((int) arguments[0])})));
        return values.build();
    }

    private static boolean add(ImportValues.Builder values, WasmModule module, int position, WasmExtern extern) {
        String name = name(module, position);
        return switch (module.importSection().getImport(position)) {
            case FunctionImport wanted when extern instanceof WasmExtern.Function function
                    && fits(module.typeSection(), wanted.typeIndex(), function) -> {
                FunctionType type = module.typeSection().getType(wanted.typeIndex());
                values.addFunction(new ImportFunction(ANY_MODULE, name, type, handle(function)));
                yield true;
            }
            case MemoryImport wanted when extern instanceof ChicoryMemory memory -> {
                values.addMemory(new ImportMemory(ANY_MODULE, name, memory.share()));
                yield true;
            }
            case TableImport wanted when extern instanceof ChicoryTable(var table) -> {
                values.addTable(new ImportTable(ANY_MODULE, name, table));
                yield true;
            }
            case GlobalImport wanted when extern instanceof ChicoryGlobal(var global) -> {
                values.addGlobal(new ImportGlobal(ANY_MODULE, name, global));
                yield true;
            }
            case TagImport wanted when extern instanceof ChicoryTag(var tag) -> {
                values.addTag(new ImportTag(ANY_MODULE, name, tag));
                yield true;
            }
            default -> false;
        };
    }

    /** The module's own text, for every instance keeps it. */
    private static String name(WasmModule module, int position) {
        return module.importSection().getImport(position).name();
    }

    private static WasmFunctionHandle handle(WasmExtern.Function function) {
        return function instanceof ChicoryFunction other
                ? (caller, arguments) -> other.callFromWasm(arguments)
                : (caller, arguments) -> function.call(arguments);
    }

    private static boolean fits(TypeSection types, int wanted, WasmExtern.Function function) {
        if (function instanceof ChicoryFunction other) {
            return isSubtype(other.instance().module().typeSection(), other.typeIndex(), types, wanted);
        }
        return Types.of(types.getType(wanted)).equals(function.type());
    }

    /** Whether a function type of one module is, or descends from, the same type as one of another module. */
    private static boolean isSubtype(TypeSection from, int type, TypeSection to, int wanted) {
        if (TypeSection.crossModuleCanonicallyEquivalent(from, type, to, wanted)) {
            return true;
        }
        int[] parents = from.getSubType(type).typeIdx();
        return parents.length > 0 && isSubtype(from, parents[0], to, wanted);
    }
}
