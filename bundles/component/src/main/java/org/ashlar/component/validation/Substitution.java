package org.ashlar.component.validation;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.ashlar.component.type.ComponentType;
import org.ashlar.component.type.ExternType;
import org.ashlar.component.type.FuncType;
import org.ashlar.component.type.InstanceType;
import org.ashlar.component.type.ResourceType;
import org.ashlar.component.type.TypeDefinition;
import org.ashlar.component.type.ValueType;

/**
 * Puts resource types in the place of others. A type that occurs several times is replaced by one and the same new type each
 * time, as {@link Visibility} goes by identity; a type in which nothing changes stays the same object.
 */
final class Substitution {
    private final TypeTable table;
    private final Map<ResourceType, ResourceType> replacements = new HashMap<>();
    private final Map<TypeDefinition, TypeDefinition> done = new IdentityHashMap<>();

    Substitution(TypeTable table) {
        this.table = table;
    }

    /** From now on {@code to} stands for {@code from}, and {@code to.alias} for each alias of it. */
    void replace(ResourceType from, ResourceType to) {
        replacements.put(from, to);
        done.clear();
        done.put(from.origin(), to);
    }

    boolean replaces(ResourceType resource) {
        return replacements.containsKey(resource);
    }

    /** The same for each of them with a new type, which are returned in order. */
    List<ResourceType> refresh(List<ResourceType> resources) {
        return resources.stream().map(resource -> {
            ResourceType fresh = ResourceType.fresh(resource.name());
            replace(resource, fresh);
            return fresh;
        }).toList();
    }

    ExternType apply(ExternType extern) {
        return switch (extern) {
            case ExternType.Function(var type) -> new ExternType.Function((FuncType) apply(type));
            case ExternType.Instance(var type) -> new ExternType.Instance((InstanceType) apply(type));
            case ExternType.Component(var type) -> new ExternType.Component((ComponentType) apply(type));
            case ExternType.Type(var type) -> new ExternType.Type(apply(type));
            case ExternType.CoreModule module -> module;
        };
    }

    Map<String, ExternType> apply(Map<String, ExternType> externs) {
        Map<String, ExternType> result = new LinkedHashMap<>();
        externs.forEach((name, type) -> result.put(name, apply(type)));
        return result;
    }

    TypeDefinition apply(TypeDefinition type) {
        if (replacements.isEmpty() || !table.facts(type).resources()) {
            return type;
        }
        TypeDefinition known = done.get(type);
        if (known == null) {
            table.step();
            known = compute(type);
            done.put(type, known);
        }
        return known;
    }

    private TypeDefinition compute(TypeDefinition type) {
        return switch (type) {
            case ResourceType resource -> resource(resource);
            case FuncType(boolean async, var parameters, var result) -> new FuncType(async, parameters.stream()
                    .map(p -> new FuncType.Parameter(p.name(), value(p.type()))).toList(), result.map(this::value));
            case InstanceType(var resources, var exports) -> new InstanceType(resources, apply(exports));
            case ComponentType(var imported, var imports, var defined, var exports) ->
                    new ComponentType(imported, apply(imports), defined, apply(exports));
            case ValueType value -> computeValue(value);
        };
    }

    private ResourceType resource(ResourceType resource) {
        ResourceType replacement = replacements.get(resource);
        return replacement == null ? resource : replacement.alias(resource.name());
    }

    private ValueType value(ValueType type) {
        return (ValueType) apply(type);
    }

    private ValueType computeValue(ValueType type) {
        return switch (type) {
            case ValueType.Own(var resource) -> new ValueType.Own((ResourceType) apply(resource));
            case ValueType.Borrow(var resource) -> new ValueType.Borrow((ResourceType) apply(resource));
            case ValueType.ListOf(var element, var length) -> new ValueType.ListOf(value(element), length);
            case ValueType.MapOf(var key, var value) -> new ValueType.MapOf(value(key), value(value));
            case ValueType.Record(var fields) -> new ValueType.Record(fields.stream()
                    .map(f -> new ValueType.Record.Field(f.name(), value(f.type()))).toList());
            case ValueType.Tuple(var elements) -> new ValueType.Tuple(elements.stream().map(this::value).toList());
            case ValueType.Variant(var cases) -> new ValueType.Variant(cases.stream()
                    .map(c -> new ValueType.Variant.Case(c.name(), c.payload().map(this::value))).toList());
            case ValueType.Option(var value) -> new ValueType.Option(value(value));
            case ValueType.Result(var ok, var error) -> new ValueType.Result(optional(ok), optional(error));
            case ValueType.Stream(var element) -> new ValueType.Stream(optional(element));
            case ValueType.Future(var element) -> new ValueType.Future(optional(element));
            case ValueType.Primitive primitive -> primitive;
            case ValueType.Enum enumeration -> enumeration;
            case ValueType.Flags flags -> flags;
        };
    }

    private Optional<ValueType> optional(Optional<ValueType> type) {
        return type.map(this::value);
    }
}
