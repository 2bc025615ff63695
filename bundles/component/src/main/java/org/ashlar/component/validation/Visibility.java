package org.ashlar.component.validation;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import org.ashlar.component.type.ComponentType;
import org.ashlar.component.type.ExternType;
import org.ashlar.component.type.FuncType;
import org.ashlar.component.type.InstanceType;
import org.ashlar.component.type.ResourceType;
import org.ashlar.component.type.TypeDefinition;
import org.ashlar.component.type.ValueType;

/**
 * Which types of a scope have a name that can be seen from outside, and what may therefore be imported and exported
 * ({@code Explainer.md}, "External Visibility of Types"). Goes by identity: an alias that is not exported is not visible,
 * though it is the same type.
 */
final class Visibility {
    private final TypeTable table;
    private final Set<TypeDefinition> imported = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<TypeDefinition> exported = Collections.newSetFromMap(new IdentityHashMap<>());

    Visibility(TypeTable table) {
        this.table = table;
    }

    /** Whether all it mentions has a name among the imports; what it names itself is added. */
    boolean importing(ExternType type) {
        return register(type, imported, true);
    }

    /** Whether all it mentions has a name among the imports or exports; what it names itself is added. */
    boolean exporting(ExternType type) {
        return register(type, exported, false);
    }

    private boolean register(ExternType type, Set<TypeDefinition> names, boolean importing) {
        table.step();
        switch (type) {
            case ExternType.Type(var definition) -> {
                if (!partsNamed(definition, names)) {
                    return false;
                }
                exported.add(definition);
                if (importing) {
                    imported.add(definition);
                }
                return true;
            }
            case ExternType.Instance(var instance) -> {
                return instance.exports().values().stream().allMatch(export -> register(export, names, importing));
            }
            case ExternType.Function(var function) -> {
                return functionNamed(function, names);
            }
            // Components and modules are closed: they mention nothing from here.
            case ExternType.Component _, ExternType.CoreModule _ -> {
                return true;
            }
        }
    }

    private boolean functionNamed(FuncType function, Set<TypeDefinition> names) {
        return Stream.concat(function.parameters().stream().map(FuncType.Parameter::type), function.result().stream())
                .allMatch(type -> named(type, names));
    }

    private boolean partsNamed(TypeDefinition type, Set<TypeDefinition> names) {
        table.step();
        return switch (type) {
            case ResourceType _, ComponentType _ -> true;
            case FuncType function -> functionNamed(function, names);
            case InstanceType(_, var exports) -> instancePartsNamed(exports, names);
            case ValueType value -> parts(value).allMatch(part -> named(part, names));
        };
    }

    private boolean instancePartsNamed(Map<String, ExternType> exports, Set<TypeDefinition> names) {
        return exports.values().stream().allMatch(export -> switch (export) {
            case ExternType.Function(var function) -> functionNamed(function, names);
            case ExternType.Type(var definition) -> partsNamed(definition, names);
            case ExternType.Instance(var instance) -> instancePartsNamed(instance.exports(), names);
            case ExternType.Component _, ExternType.CoreModule _ -> true;
        });
    }

    /** Records, variants, enumerations, flags and resources need a name; of other types, their parts do. */
    private boolean named(TypeDefinition type, Set<TypeDefinition> names) {
        table.step();
        return switch (type) {
            case ValueType.Record _, ValueType.Variant _, ValueType.Enum _, ValueType.Flags _, ResourceType _ ->
                    names.contains(type);
            case ValueType value -> parts(value).allMatch(part -> named(part, names));
            default -> true;
        };
    }

    static Stream<TypeDefinition> parts(ValueType type) {
        return switch (type) {
            case ValueType.Primitive _, ValueType.Enum _, ValueType.Flags _ -> Stream.empty();
            case ValueType.Record(var fields) -> fields.stream().map(ValueType.Record.Field::type);
            case ValueType.Variant(var cases) -> cases.stream().flatMap(c -> c.payload().stream());
            case ValueType.Tuple(var elements) -> elements.stream().map(TypeDefinition.class::cast);
            case ValueType.ListOf(var element, _) -> Stream.of(element);
            case ValueType.MapOf(var key, var value) -> Stream.of(key, value);
            case ValueType.Option(var value) -> Stream.of(value);
            case ValueType.Result(var ok, var error) -> Stream.of(ok, error).flatMap(Optional::stream);
            case ValueType.Own(var resource) -> Stream.of(resource);
            case ValueType.Borrow(var resource) -> Stream.of(resource);
            case ValueType.Stream(var element) -> element.stream().map(TypeDefinition.class::cast);
            case ValueType.Future(var element) -> element.stream().map(TypeDefinition.class::cast);
        };
    }
}
