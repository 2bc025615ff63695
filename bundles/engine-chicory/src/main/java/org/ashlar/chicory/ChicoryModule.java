package org.ashlar.chicory;

import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.InvalidException;
import com.dylibso.chicory.wasm.UnlinkableException;
import com.dylibso.chicory.wasm.types.ExportSection;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.ashlar.api.wasm.Fuel;
import org.ashlar.api.wasm.FunctionType;
import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmException;
import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.api.wasm.WasmInstance;
import org.ashlar.api.wasm.WasmModule;
import org.ashlar.api.wasm.WasmTrap;
import org.ashlar.wasm.FuelGauge;
import org.ashlar.wasm.Lines;

/** A module whose code is compiled; of the module itself only the declarations are kept. */
final class ChicoryModule implements WasmModule {
    private final com.dylibso.chicory.wasm.WasmModule declarations;
    /** Makes what runs the functions of an instance. */
    private final Function<Instance, Machine> code;
    private final boolean metered;
    private final List<Import> imports;
    private final List<Export> exports;
    private final Map<String, com.dylibso.chicory.wasm.types.Export> exportsByName = new HashMap<>();
    private final List<String> interpreted;
    /** By index; of a type that is no function's, the type without parameters and results, which nobody asks for. */
    private final List<FunctionType> types;

    /** @param metered whether its last import is the one that gives fuel */
    ChicoryModule(com.dylibso.chicory.wasm.WasmModule parsed, boolean metered, Function<Instance, Machine> code,
                  List<String> interpreted) {
        this.metered = metered;
        this.imports = parsed.importSection().stream()
                .limit(parsed.importSection().importCount() - (metered ? 1 : 0))
                .map(each -> new Import(each.module(), each.name(), Types.of(each.importType())))
                .toList();
        this.declarations = Linking.byPosition(parsed);
        this.code = code;
        this.interpreted = List.copyOf(interpreted);
        this.types = Arrays.stream(parsed.typeSection().types())
                .map(type -> type == null ? new FunctionType(List.of(), List.of()) : Types.of(type))
                .toList();
        ExportSection section = parsed.exportSection();
        this.exports = IntStream.range(0, section.exportCount()).mapToObj(section::getExport)
                .peek(each -> exportsByName.put(each.name(), each))
                .map(each -> new Export(each.name(), Types.of(each.exportType())))
                .toList();
    }

    /** The functions that run in the interpreter, some 400 times slower, because they are too large for the JVM. */
    List<String> interpreted() {
        return interpreted;
    }

    @Override
    public List<Import> imports() {
        return imports;
    }

    @Override
    public List<Export> exports() {
        return exports;
    }

    FunctionType type(int index) {
        return types.get(index);
    }

    Optional<com.dylibso.chicory.wasm.types.Export> exported(String name) {
        return Optional.ofNullable(exportsByName.get(name));
    }

    @Override
    public WasmInstance instantiate(List<? extends WasmExtern> externs, MemoryBudget budget, Fuel fuel) {
        ImportValues values = Linking.importValues(declarations, imports, externs,
                metered ? Optional.of(new FuelGauge(fuel)) : Optional.empty());
        try {
            Instance instance = Instance.builder(declarations)
                    .withImportValues(values)
                    .withMachineFactory(made -> new CountedMachine(code.apply(made), budget))
                    .withMemoryFactory(limits -> ChicoryMemory.create(limits, budget))
                    .withTableFactory((table, initial) -> BoundedTable.create(table, initial, budget))
                    .withStart(false)
                    .build();
            return new ChicoryInstance(this, instance);
        } catch (UnlinkableException | InvalidException e) {
            throw new WasmException(Lines.first(String.valueOf(e.getMessage())), e);
        } catch (ChicoryException e) {
            throw Traps.of(e);
        } catch (com.dylibso.chicory.runtime.WasmException e) {
            throw new WasmTrap(Traps.UNCAUGHT, e);
        }
    }
}
