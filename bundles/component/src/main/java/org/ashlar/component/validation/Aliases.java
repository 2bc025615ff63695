package org.ashlar.component.validation;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.ashlar.component.binary.CoreExtern;
import org.ashlar.component.binary.Definition;
import org.ashlar.component.binary.Rejected;
import org.ashlar.component.binary.Sort;
import org.ashlar.component.type.ComponentType;
import org.ashlar.component.type.ExternType;
import org.ashlar.component.type.FuncType;
import org.ashlar.component.type.InstanceType;
import org.ashlar.component.type.ResourceType;
import org.ashlar.component.type.TypeDefinition;
import org.ashlar.component.type.ValueType;

/** Alias definitions ({@code Explainer.md}, "Alias Definitions"). */
final class Aliases {
    private final TypeTable table;

    Aliases(TypeTable table) {
        this.table = table;
    }

    /** An alias within a component type or instance type: there only types and instances can be named. */
    void declare(Definition alias, Scope scope) {
        switch (alias) {
            case Definition.AliasExport export when export.sort() == Sort.TYPE || export.sort() == Sort.INSTANCE ->
                    export(export, scope);
            case Definition.AliasOuter outer when outer.sort() == Sort.TYPE || outer.sort() == Sort.CORE_TYPE ->
                    outer(outer, scope);
            default -> throw Rejected.invalid("aliases in component and instance types may only refer to types or instances");
        }
    }

    void export(Definition.AliasExport alias, Scope scope) {
        InstanceType instance = Scope.at(scope.instances, alias.instance(), "instance");
        ExternType export = Optional.ofNullable(instance.exports().get(alias.name())).orElseThrow(() ->
                Rejected.invalid("instance " + alias.instance() + " has no export named `" + alias.name() + "`"));
        if (Scope.sort(export) != alias.sort()) {
            throw Rejected.invalid("export `" + alias.name() + "` for instance " + alias.instance() + " is not a "
                    + alias.sort());
        }
        scope.add(export);
    }

    void coreExport(Definition.AliasCoreExport alias, Scope scope) {
        Map<String, CoreExtern> instance = Scope.at(scope.coreInstances, alias.instance(), "core instance");
        CoreExtern export = Optional.ofNullable(instance.get(alias.name())).orElseThrow(() ->
                Rejected.invalid("core instance " + alias.instance() + " has no export named `" + alias.name() + "`"));
        if (export.sort() != alias.sort()) {
            throw Rejected.invalid("export `" + alias.name() + "` for core instance " + alias.instance() + " is not a "
                    + alias.sort());
        }
        scope.core.get(alias.sort()).add(export);
    }

    void outer(Definition.AliasOuter alias, Scope scope) {
        Scope target = scope.outer(alias.count());
        switch (alias.sort()) {
            case TYPE -> {
                TypeDefinition type = target.type(alias.index());
                if (crossesComponent(scope, target) && refersToResources(type, new HashSet<>())) {
                    throw Rejected.invalid("cannot alias outer type which transitively refers to resources not defined in "
                            + "the current component");
                }
                scope.types.add(type);
            }
            case CORE_TYPE -> scope.coreTypes.add(Scope.at(target.coreTypes, alias.index(), "type"));
            case CORE_MODULE -> scope.modules.add(Scope.at(target.modules, alias.index(), "module"));
            default -> scope.components.add(Scope.at(target.components, alias.index(), "component"));
        }
    }

    private static boolean crossesComponent(Scope from, Scope to) {
        for (Scope scope = from; scope != to; scope = scope.parent.orElseThrow()) {
            if (scope.kind == Scope.Kind.COMPONENT) {
                return true;
            }
        }
        return false;
    }

    /** Whether it mentions resource types other than its own. */
    private boolean refersToResources(TypeDefinition type, Set<ResourceType> own) {
        if (!table.facts(type).resources()) {
            return false;
        }
        table.step();
        return switch (type) {
            case ResourceType resource -> !own.contains(resource);
            case InstanceType(var resources, var exports) -> {
                own.addAll(resources);
                yield anyRefers(exports, own);
            }
            case ComponentType(var imported, var imports, var defined, var exports) -> {
                own.addAll(imported);
                own.addAll(defined);
                yield anyRefers(imports, own) || anyRefers(exports, own);
            }
            case FuncType function -> function.parameters().stream().anyMatch(p -> refersToResources(p.type(), own))
                    || function.result().filter(result -> refersToResources(result, own)).isPresent();
            // Values have no resource types of their own, so that one they mention is another's unless it is in the set.
            case ValueType value -> Visibility.parts(value).anyMatch(part -> refersToResources(part, own));
        };
    }

    private boolean anyRefers(Map<String, ExternType> externs, Set<ResourceType> own) {
        return externs.values().stream().anyMatch(extern -> switch (extern) {
            case ExternType.Function(var type) -> refersToResources(type, own);
            case ExternType.Instance(var type) -> refersToResources(type, own);
            case ExternType.Component(var type) -> refersToResources(type, own);
            case ExternType.Type(var type) -> refersToResources(type, own);
            case ExternType.CoreModule _ -> false;
        });
    }
}
