package org.ashlar.component.validation;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.ashlar.component.binary.CoreModuleType;
import org.ashlar.component.binary.Rejected;
import org.ashlar.component.type.ComponentType;
import org.ashlar.component.type.ExternType;
import org.ashlar.component.type.FuncType;
import org.ashlar.component.type.InstanceType;
import org.ashlar.component.type.ResourceType;
import org.ashlar.component.type.TypeDefinition;
import org.ashlar.component.type.ValueType;

/** Whether one thing may stand for another ({@code Explainer.md}, "Type Checking"). Where not, the message says why. */
final class Subtyping {
    private final TypeTable table;
    private final ValueEquality values;
    private final CoreLinking core;

    Subtyping(TypeTable table, CoreLinking core) {
        this.table = table;
        this.values = new ValueEquality(table);
        this.core = core;
    }

    /** @throws Rejected when {@code actual} may not stand for {@code expected} */
    void check(ExternType actual, ExternType expected) {
        table.step();
        switch (expected) {
            case ExternType.Function(var type) when actual instanceof ExternType.Function(var given) -> function(given, type);
            case ExternType.Instance(var type) when actual instanceof ExternType.Instance(var given) ->
                    instance(given, type);
            case ExternType.Component(var type) when actual instanceof ExternType.Component(var given) ->
                    component(given, type);
            case ExternType.Type(var type) when actual instanceof ExternType.Type(var given) -> definition(given, type);
            case CoreModuleType type when actual instanceof CoreModuleType given -> core.checkSubtype(given, type);
            default -> throw Rejected.invalid("expected " + word(expected) + ", found " + word(actual));
        }
    }

    static String word(ExternType type) {
        return switch (type) {
            case ExternType.Function _ -> "func";
            case ExternType.Instance _ -> "instance";
            case ExternType.Component _ -> "component";
            case ExternType.CoreModule _ -> "module";
            case ExternType.Type _ -> "type";
        };
    }

    private void definition(TypeDefinition actual, TypeDefinition expected) {
        switch (expected) {
            case ResourceType type when actual instanceof ResourceType given -> ValueEquality.resource(given, type);
            case ValueType type when actual instanceof ValueType given -> values.definition(given, type);
            case FuncType type when actual instanceof FuncType given -> function(given, type);
            case InstanceType type when actual instanceof InstanceType given -> instance(given, type);
            case ComponentType type when actual instanceof ComponentType given -> component(given, type);
            default -> throw Rejected.invalid("expected " + word(expected) + ", found " + word(actual));
        }
    }

    private static String word(TypeDefinition type) {
        return switch (type) {
            case ResourceType _ -> "resource";
            case ValueType _ -> "defined type";
            case FuncType _ -> "func";
            case InstanceType _ -> "instance";
            case ComponentType _ -> "component";
        };
    }

    private void function(FuncType actual, FuncType expected) {
        if (actual == expected) {
            return;
        }
        if (actual.async() != expected.async()) {
            throw Rejected.invalid("expected " + (expected.async() ? "an async" : "a synchronous") + " function");
        }
        List<FuncType.Parameter> given = actual.parameters();
        List<FuncType.Parameter> wanted = expected.parameters();
        if (given.size() != wanted.size()) {
            throw Rejected.invalid("expected " + wanted.size() + " parameters, found " + given.size());
        }
        for (int i = 0; i < given.size(); i++) {
            FuncType.Parameter parameter = wanted.get(i);
            if (!given.get(i).name().equals(parameter.name())) {
                throw Rejected.invalid("expected parameter named `" + parameter.name() + "`, found `" + given.get(i).name()
                        + "`");
            }
            values.part(given.get(i).type(), parameter.type(), "type mismatch in function parameter `" + parameter.name()
                    + "`");
        }
        if (actual.result().isPresent() != expected.result().isPresent()) {
            throw Rejected.invalid("expected a result, found none");
        }
        if (actual.result().isPresent()) {
            values.part(actual.result().get(), expected.result().get(), "type mismatch with result type");
        }
    }

    private void instance(InstanceType actual, InstanceType expected) {
        if (actual == expected) {
            return;
        }
        Substitution given = new Substitution(table);
        bind(expected.exports(), actual.exports(), new HashSet<>(expected.resources()), given);
        exports(actual.exports(), expected.exports(), given, "type mismatch in instance export");
    }

    private void exports(Map<String, ExternType> actual, Map<String, ExternType> expected, Substitution given, String what) {
        expected.forEach((name, type) -> {
            ExternType found = actual.get(name);
            if (found == null) {
                throw Rejected.invalid("missing expected export `" + name + "`");
            }
            try {
                check(found, given.apply(type));
            } catch (Rejected e) {
                throw e.within(what + " `" + name + "`");
            }
        });
    }

    /** Imports are what a component asks for, so there the roles change. */
    private void component(ComponentType actual, ComponentType expected) {
        if (actual == expected) {
            return;
        }
        Substitution offered = new Substitution(table);
        Set<ResourceType> variables = new HashSet<>(actual.importedResources());
        actual.imports().forEach((name, type) -> {
            ExternType found = Optional.ofNullable(expected.imports().get(name))
                    .orElseThrow(() -> Rejected.invalid("missing expected import `" + name + "`"));
            bind(name, type, found, variables, offered);
            try {
                check(found, offered.apply(type));
            } catch (Rejected e) {
                throw e.within("type mismatch in import `" + name + "`");
            }
        });
        Map<String, ExternType> exports = offered.apply(actual.exports());
        Substitution given = new Substitution(table);
        bind(expected.exports(), exports, new HashSet<>(expected.definedResources()), given);
        exports(exports, expected.exports(), given, "type mismatch in export");
    }

    /**
     * Finds out which resource types {@code actual} gives for those of {@code variables} that {@code expected} mentions as
     * exports.
     */
    void bind(Map<String, ExternType> expected, Map<String, ExternType> actual, Set<ResourceType> variables,
              Substitution found) {
        expected.forEach((name, type) -> Optional.ofNullable(actual.get(name))
                .ifPresent(given -> bind(name, type, given, variables, found)));
    }

    /** As {@link #bind(Map, Map, Set, Substitution)}, for one item. */
    void bind(String name, ExternType expected, ExternType actual, Set<ResourceType> variables, Substitution found) {
        table.step();
        switch (expected) {
            case ExternType.Type(ResourceType variable) when variables.contains(variable) && !found.replaces(variable) -> {
                if (actual instanceof ExternType.Type(var definition)) {
                    if (!(definition instanceof ResourceType resource)) {
                        throw Rejected.invalid("type mismatch for `" + name + "`: expected resource, found "
                                + word(definition));
                    }
                    found.replace(variable, resource);
                }
            }
            case ExternType.Instance(var type) when actual instanceof ExternType.Instance(var given) ->
                    bind(type.exports(), given.exports(), variables, found);
            default -> { }
        }
    }

    /** Once {@code actual} is known to fit: the types of values that it has a name for stand for those of {@code expected}. */
    void rename(ExternType expected, ExternType actual, Substitution found) {
        table.step();
        switch (expected) {
            case ExternType.Type(ValueType type) when actual instanceof ExternType.Type(ValueType given) ->
                    found.rename(type, given);
            case ExternType.Instance(var type) when actual instanceof ExternType.Instance(var given) ->
                    type.exports().forEach((name, export) -> rename(export, given.exports().get(name), found));
            default -> { }
        }
    }
}
