package org.ashlar.component;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.api.wasm.WasmModule;
import org.ashlar.component.binary.Sort;
import org.ashlar.component.validation.Step;

/**
 * The index spaces of a component while it is instantiated, filled step by step. Kept afterwards only by components that are
 * defined in it, for their outer aliases.
 */
final class Frame {
    /** Things with names: the exports of an instance, or the arguments of an instantiation. */
    interface Named {
        Optional<Object> get(String name);

        static Named of(Map<String, Object> items) {
            return name -> Optional.ofNullable(items.get(name));
        }
    }

    /** A component as a value: what it consists of, and where it was defined. */
    record Closure(Plan plan, Optional<Frame> outer) { }

    final InstanceState instance;
    final Named arguments;
    final Optional<Frame> outer;
    /** All but types, which do not exist by now. */
    private final Map<Sort, List<Object>> spaces = new EnumMap<>(Sort.class);
    private final Map<String, Object> exports = new HashMap<>();
    private final Map<Step.Options, Abi> abis = new HashMap<>();

    Frame(InstanceState instance, Named arguments, Optional<Frame> outer) {
        this.instance = instance;
        this.arguments = arguments;
        this.outer = outer;
    }

    void add(Sort sort, Object item) {
        spaces.computeIfAbsent(sort, _ -> new ArrayList<>(4)).add(item);
    }

    Object get(Sort sort, int index) {
        return spaces.get(sort).get(index);
    }

    WasmExtern.Function coreFunction(int index) {
        return (WasmExtern.Function) get(Sort.CORE_FUNCTION, index);
    }

    WasmExtern.Memory memory(int index) {
        return (WasmExtern.Memory) get(Sort.CORE_MEMORY, index);
    }

    Callee function(int index) {
        return (Callee) get(Sort.FUNCTION, index);
    }

    Named instance(int index) {
        return (Named) get(Sort.INSTANCE, index);
    }

    Named coreInstance(int index) {
        return (Named) get(Sort.CORE_INSTANCE, index);
    }

    WasmModule module(int index) {
        return (WasmModule) get(Sort.CORE_MODULE, index);
    }

    Closure component(int index) {
        return (Closure) get(Sort.COMPONENT, index);
    }

    /** An item as an argument or export; a resource type is in the slot of that number. */
    Object item(Sort sort, int index) {
        return sort == Sort.TYPE ? instance.resources[index] : get(sort, index);
    }

    /** What canonical functions with these options work with: one for all of them. */
    Abi abi(Step.Options options) {
        return abis.computeIfAbsent(options, _ -> new Abi(instance,
                options.memory().isPresent() ? memory(options.memory().getAsInt()) : null,
                options.realloc().isPresent() ? coreFunction(options.realloc().getAsInt()) : null));
    }

    void export(String name, Object item) {
        exports.put(name, item);
    }

    Named exports() {
        return Named.of(exports);
    }
}
