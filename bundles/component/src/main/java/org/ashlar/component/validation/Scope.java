package org.ashlar.component.validation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.ashlar.component.binary.CoreExtern;
import org.ashlar.component.binary.CoreModuleType;
import org.ashlar.component.binary.Rejected;
import org.ashlar.component.binary.Sort;
import org.ashlar.component.type.ComponentType;
import org.ashlar.component.type.ExternType;
import org.ashlar.component.type.FuncType;
import org.ashlar.component.type.InstanceType;
import org.ashlar.component.type.ResourceType;
import org.ashlar.component.type.TypeDefinition;

/** The index spaces of a component, a component type or an instance type, and what it imports and exports. */
final class Scope {
    enum Kind { COMPONENT, COMPONENT_TYPE, INSTANCE_TYPE }

    /** An entry of the core type space: a module type, or a number of {@link org.ashlar.component.binary.CoreTypes}. */
    sealed interface CoreTypeEntry {
        record Numbered(int number) implements CoreTypeEntry { }

        record Module(CoreModuleType type) implements CoreTypeEntry { }
    }

    final Kind kind;
    final Optional<Scope> parent;
    final Map<Sort, List<CoreExtern>> core = new EnumMap<>(Sort.class);
    final List<CoreTypeEntry> coreTypes = new ArrayList<>();
    final List<CoreModuleType> modules = new ArrayList<>();
    final List<Map<String, CoreExtern>> coreInstances = new ArrayList<>();
    final List<FuncType> functions = new ArrayList<>();
    final List<TypeDefinition> types = new ArrayList<>();
    final List<ComponentType> components = new ArrayList<>();
    final List<InstanceType> instances = new ArrayList<>();

    final ExternNames importNames = new ExternNames("import");
    final ExternNames exportNames = new ExternNames("export");
    final Visibility visibility;
    final Map<String, ExternType> imports = new LinkedHashMap<>();
    final Map<String, ExternType> exports = new LinkedHashMap<>();
    final List<ResourceType> importedResources = new ArrayList<>();
    final List<ResourceType> definedResources = new ArrayList<>();

    Scope(Kind kind, Optional<Scope> parent, TypeTable table) {
        this.kind = kind;
        this.parent = parent;
        this.visibility = new Visibility(table);
        for (Sort sort : List.of(Sort.CORE_FUNCTION, Sort.CORE_TABLE, Sort.CORE_MEMORY, Sort.CORE_GLOBAL, Sort.CORE_TAG)) {
            core.put(sort, new ArrayList<>());
        }
    }

    /** The entry of an index space. */
    static <T> T at(List<T> space, int index, String what) {
        if (index >= space.size()) {
            throw Rejected.invalid("unknown " + what + " " + index + ": " + what + " index out of bounds");
        }
        return space.get(index);
    }

    CoreExtern core(Sort sort, int index) {
        return at(core.get(sort), index, sort == Sort.CORE_FUNCTION ? "function" : sort.toString());
    }

    TypeDefinition type(int index) {
        return at(types, index, "type");
    }

    ResourceType resource(int index) {
        if (type(index) instanceof ResourceType resource) {
            return resource;
        }
        throw Rejected.invalid("type index " + index + " is not a resource type");
    }

    FuncType functionType(int index) {
        if (type(index) instanceof FuncType function) {
            return function;
        }
        throw Rejected.invalid("type index " + index + " is not a function type");
    }

    /** The scope {@code count} levels out. */
    Scope outer(int count) {
        Optional<Scope> scope = Optional.of(this);
        for (int i = 0; i < count && scope.isPresent(); i++) {
            scope = scope.get().parent;
        }
        return scope.orElseThrow(() -> Rejected.invalid("invalid outer alias count of " + count));
    }

    /** What an index of a sort stands for, as something to import or export. */
    ExternType item(Sort sort, int index) {
        return switch (sort) {
            case FUNCTION -> new ExternType.Function(at(functions, index, "function"));
            case TYPE -> new ExternType.Type(type(index));
            case COMPONENT -> new ExternType.Component(at(components, index, "component"));
            case INSTANCE -> new ExternType.Instance(at(instances, index, "instance"));
            case CORE_MODULE -> at(modules, index, "module");
            case VALUE -> throw Rejected.unsupported("values");
            default -> throw Rejected.invalid("a " + sort + " cannot be imported or exported by a component");
        };
    }

    /** Appends to the index space of its sort. */
    void add(ExternType type) {
        switch (type) {
            case ExternType.Function(var function) -> functions.add(function);
            case ExternType.Type(var definition) -> types.add(definition);
            case ExternType.Component(var component) -> components.add(component);
            case ExternType.Instance(var instance) -> instances.add(instance);
            case ExternType.CoreModule module -> modules.add((CoreModuleType) module);
        }
    }

    static Sort sort(ExternType type) {
        return switch (type) {
            case ExternType.Function _ -> Sort.FUNCTION;
            case ExternType.Type _ -> Sort.TYPE;
            case ExternType.Component _ -> Sort.COMPONENT;
            case ExternType.Instance _ -> Sort.INSTANCE;
            case ExternType.CoreModule _ -> Sort.CORE_MODULE;
        };
    }
}
