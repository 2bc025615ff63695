package org.ashlar.component.validation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import org.ashlar.component.type.ComponentType;
import org.ashlar.component.type.ExternType;
import org.ashlar.component.type.FuncType;
import org.ashlar.component.type.InstanceType;
import org.ashlar.component.type.ResourceType;
import org.ashlar.component.type.TypeDefinition;
import org.ashlar.component.type.ValueType;

/**
 * Puts the types that are given for a component's type imports in the place of these. A type that occurs several times is
 * replaced by one and the same new type each time, as {@link Visibility} goes by identity; a type in which nothing changes
 * stays the same object.
 */
final class Substitution {
    private final TypeTable table;
    private final Map<ResourceType, ResourceType> replacements = new HashMap<>();
    /** Types of values that have a name among the imports; by identity, as it is the name that counts. */
    private final Map<TypeDefinition, TypeDefinition> named = new IdentityHashMap<>();
    private Map<TypeDefinition, TypeDefinition> done = new IdentityHashMap<>();

    Substitution(TypeTable table) {
        this.table = table;
    }

    /** From now on {@code to} stands for {@code from}, and {@code to.alias} for each alias of it. */
    void replace(ResourceType from, ResourceType to) {
        replacements.put(from, to);
        named.put(from.origin(), to);
        forget();
    }

    /** From now on {@code to}, which is the same type, stands for this very {@code from}. */
    void rename(ValueType from, ValueType to) {
        if (from != to && !(from instanceof ValueType.Primitive)) {
            named.put(from, to);
            forget();
        }
    }

    /** What was worked out before the latest replacement may now be another. */
    private void forget() {
        if (!done.isEmpty()) {
            done = new IdentityHashMap<>();
        }
    }

    boolean replaces(ResourceType resource) {
        return replacements.containsKey(resource);
    }

    /** The same for each of them with a new type, which are returned in order. */
    List<ResourceType> refresh(List<ResourceType> resources) {
        return resources.stream().map(resource -> {
            table.step();
            ResourceType fresh = ResourceType.fresh(resource.name());
            replace(resource, fresh);
            return fresh;
        }).toList();
    }

    ExternType apply(ExternType extern) {
        table.step();
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
        if (named.isEmpty() || named.size() == replacements.size() && !table.facts(type).resources()) {
            return type;
        }
        TypeDefinition replacement = named.get(type);
        if (replacement != null) {
            return replacement;
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
            case FuncType(boolean async, var parameters, var result) -> {
                List<FuncType.Parameter> mapped = each(parameters, p -> {
                    ValueType value = value(p.type());
                    return value == p.type() ? p : new FuncType.Parameter(p.name(), value);
                });
                Optional<ValueType> mappedResult = optional(result);
                yield mapped == parameters && mappedResult == result ? type : new FuncType(async, mapped, mappedResult);
            }
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
            case ValueType.Own(var resource) -> changed(type, resource, apply(resource), ValueType.Own::new);
            case ValueType.Borrow(var resource) -> changed(type, resource, apply(resource), ValueType.Borrow::new);
            case ValueType.ListOf(var element, var length) ->
                    changed(type, element, value(element), mapped -> new ValueType.ListOf(mapped, length));
            case ValueType.MapOf(var key, var value) ->
                    changed(type, value, value(value), mapped -> new ValueType.MapOf(key, mapped));
            case ValueType.Record(var fields) -> changed(type, fields, each(fields, f -> {
                ValueType value = value(f.type());
                return value == f.type() ? f : new ValueType.Record.Field(f.name(), value);
            }), ValueType.Record::new);
            case ValueType.Tuple(var elements) -> changed(type, elements, each(elements, this::value), ValueType.Tuple::new);
            case ValueType.Variant(var cases) -> changed(type, cases, each(cases, c -> {
                Optional<ValueType> payload = optional(c.payload());
                return payload == c.payload() ? c : new ValueType.Variant.Case(c.name(), payload);
            }), ValueType.Variant::new);
            case ValueType.Option(var value) -> changed(type, value, value(value), ValueType.Option::new);
            case ValueType.Result(var ok, var error) -> {
                Optional<ValueType> mappedOk = optional(ok);
                Optional<ValueType> mappedError = optional(error);
                yield mappedOk == ok && mappedError == error ? type : new ValueType.Result(mappedOk, mappedError);
            }
            case ValueType.Stream(var element) -> changed(type, element, optional(element), ValueType.Stream::new);
            case ValueType.Future(var element) -> changed(type, element, optional(element), ValueType.Future::new);
            case ValueType.Primitive primitive -> primitive;
            case ValueType.Enum enumeration -> enumeration;
            case ValueType.Flags flags -> flags;
        };
    }

    /** The type with its part replaced; the type itself when that has stayed the same. */
    @SuppressWarnings("unchecked") // a replacement has the class of what it replaces
    private static <P> ValueType changed(ValueType type, P part, Object replacement, Function<P, ValueType> make) {
        return part == replacement ? type : make.apply((P) replacement);
    }

    /** The list with each element replaced; the list itself when all have stayed the same. */
    private static <T> List<T> each(List<T> elements, UnaryOperator<T> replace) {
        List<T> mapped = new ArrayList<>(elements.size());
        boolean same = true;
        for (T element : elements) {
            T replacement = replace.apply(element);
            same &= replacement == element;
            mapped.add(replacement);
        }
        return same ? elements : mapped;
    }

    private Optional<ValueType> optional(Optional<ValueType> type) {
        if (type.isEmpty()) {
            return type;
        }
        ValueType mapped = value(type.get());
        return mapped == type.get() ? type : Optional.of(mapped);
    }
}
