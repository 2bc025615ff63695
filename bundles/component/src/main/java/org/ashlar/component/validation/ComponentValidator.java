package org.ashlar.component.validation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.ashlar.component.binary.ComponentSyntax;
import org.ashlar.component.binary.CoreExtern;
import org.ashlar.component.binary.CoreModule;
import org.ashlar.component.binary.CoreModuleReader;
import org.ashlar.component.binary.CoreModuleType;
import org.ashlar.component.binary.CoreTypes;
import org.ashlar.component.binary.CoreValueType;
import org.ashlar.component.binary.CoreValueType.Plain;
import org.ashlar.component.binary.Definition;
import org.ashlar.component.binary.Rejected;
import org.ashlar.component.binary.Sort;
import org.ashlar.component.binary.TypeSyntax;
import org.ashlar.component.type.ComponentType;
import org.ashlar.component.type.ExternType;
import org.ashlar.component.type.InstanceType;
import org.ashlar.component.type.ResourceType;
import org.ashlar.component.type.TypeDefinition;

/** Validates a component, definition by definition, and plans its instantiation. */
public final class ComponentValidator {
    /** What the validators of a component and of all components in it have in common. */
    private record Shared(TypeTable table, CoreTypes coreTypes, List<CoreModule> modules) { }

    private final Shared shared;
    private final Scope scope;
    private final CoreTypeResolver coreTypeResolver;
    private final TypeResolver types;
    private final Aliases aliases;
    private final Canonicals canonicals;
    private final CoreLinking coreLinking;
    private final Subtyping subtyping;
    private final Slots slots;
    private final List<Step> steps = new ArrayList<>();

    private ComponentValidator(Shared shared, Optional<Scope> parent) {
        this.shared = shared;
        this.scope = new Scope(Scope.Kind.COMPONENT, parent, shared.table);
        this.coreTypeResolver = new CoreTypeResolver(shared.coreTypes);
        this.types = new TypeResolver(shared.table, coreTypeResolver);
        this.aliases = new Aliases(shared.table);
        this.canonicals = new Canonicals(shared.table, shared.coreTypes);
        this.coreLinking = new CoreLinking(shared.coreTypes);
        this.subtyping = new Subtyping(shared.table, coreLinking);
        this.slots = new Slots(shared.table);
    }

    /** @throws Rejected when a rule is broken, or what is used is not supported */
    public static ValidComponent validate(ComponentSyntax component) {
        Shared shared = new Shared(new TypeTable(), new CoreTypes(), new ArrayList<>());
        return new ComponentValidator(shared, Optional.empty()).run(component);
    }

    private ValidComponent run(ComponentSyntax component) {
        component.definitions().forEach(this::define);
        ComponentType type = new ComponentType(scope.importedResources, scope.imports, scope.definedResources, scope.exports);
        shared.table.facts(type);
        return new ValidComponent(type, steps, slots.numbers(), slots.size(), shared.modules, shared.coreTypes);
    }

    private void define(Definition definition) {
        shared.table.step();
        switch (definition) {
            case Definition.CoreModule(var bytes) -> {
                CoreModule module = CoreModuleReader.read(bytes, shared.coreTypes);
                scope.modules.add(module.type());
                shared.modules.add(module);
                steps.add(new Step.DefineModule(shared.modules.size() - 1));
            }
            case Definition.CoreInstantiate(int module, var arguments) -> instantiateModule(module, arguments);
            case Definition.CoreBundle(var items) -> bundleCore(items);
            case Definition.CoreTypeDefinition(var type) -> coreTypeResolver.define(type, scope);
            case Definition.NestedComponent(var nested) -> {
                ValidComponent valid = new ComponentValidator(shared, Optional.of(scope)).run(nested);
                scope.components.add(valid.type());
                steps.add(new Step.DefineComponent(valid));
            }
            case Definition.Instantiate(int component, var arguments) -> instantiate(component, arguments);
            case Definition.Bundle(var items) -> bundle(items);
            case Definition.AliasExport alias -> {
                aliases.export(alias, scope);
                steps.add(new Step.AliasExport(alias.sort(), alias.instance(), alias.name()));
            }
            case Definition.AliasCoreExport alias -> {
                aliases.coreExport(alias, scope);
                steps.add(new Step.AliasCoreExport(alias.sort(), alias.instance(), alias.name()));
            }
            case Definition.AliasOuter alias -> {
                aliases.outer(alias, scope);
                if (alias.sort() == Sort.CORE_MODULE || alias.sort() == Sort.COMPONENT) {
                    steps.add(new Step.AliasOuter(alias.sort(), alias.count(), alias.index()));
                }
            }
            case Definition.TypeDefinition(TypeSyntax.Resource(var destructor)) -> {
                if (destructor.isPresent()) {
                    checkDestructor(destructor.getAsInt());
                }
                ResourceType resource = ResourceType.fresh("");
                scope.types.add(resource);
                scope.definedResources.add(resource);
                steps.add(new Step.DefineResource(slots.define(resource), destructor));
            }
            case Definition.TypeDefinition(var type) -> scope.types.add(types.resolve(type, scope));
            case Definition.Lift lift -> {
                Step.Lift step = canonicals.lift(lift, scope);
                scope.functions.add(step.type());
                steps.add(step);
            }
            case Definition.Lower lower -> steps.add(canonicals.lower(lower, scope));
            case Definition.ResourceNew(int type) ->
                    resourceFunction(new Step.ResourceNew(local(type)), List.of(Plain.I32), List.of(Plain.I32));
            case Definition.ResourceDrop(int type) ->
                    resourceFunction(new Step.ResourceDrop(slots.of(scope.resource(type))), List.of(Plain.I32), List.of());
            case Definition.ResourceRep(int type) ->
                    resourceFunction(new Step.ResourceRep(local(type)), List.of(Plain.I32), List.of(Plain.I32));
            case Definition.Import importing -> importing(importing);
            case Definition.Export export -> export(export);
        }
    }

    private void resourceFunction(Step step, List<CoreValueType> parameters, List<CoreValueType> results) {
        canonicals.addFunction(scope, parameters, results);
        steps.add(step);
    }

    private int local(int type) {
        ResourceType resource = scope.resource(type);
        if (!slots.isLocal(resource)) {
            throw Rejected.invalid("type index " + type + " is not a local resource");
        }
        return slots.of(resource);
    }

    private void checkDestructor(int function) {
        var type = canonicals.function(scope, function);
        if (!type.parameters().equals(List.of(Plain.I32)) || !type.results().isEmpty()) {
            throw Rejected.invalid("core function " + function + " has wrong signature for a destructor");
        }
    }

    private void instantiateModule(int module, List<Definition.CoreArgument> arguments) {
        CoreModuleType type = Scope.at(scope.modules, module, "module");
        Map<String, Map<String, CoreExtern>> given = new HashMap<>();
        for (Definition.CoreArgument argument : arguments) {
            Map<String, CoreExtern> instance = Scope.at(scope.coreInstances, argument.instance(), "core instance");
            if (given.put(argument.name(), instance) != null) {
                throw Rejected.invalid("duplicate module instantiation argument named `" + argument.name() + "`");
            }
        }
        coreLinking.checkImports(type, given);
        scope.coreInstances.add(type.exports());
        steps.add(new Step.InstantiateModule(module,
                arguments.stream().map(a -> new Step.CoreArgument(a.name(), a.instance())).toList()));
    }

    private void bundleCore(List<Definition.CoreItem> items) {
        Map<String, CoreExtern> exports = new LinkedHashMap<>();
        for (Definition.CoreItem item : items) {
            if (!scope.core.containsKey(item.sort())) {
                throw Rejected.invalid("a " + item.sort() + " cannot be an export of a core instance");
            }
            if (exports.put(item.name(), scope.core(item.sort(), item.index())) != null) {
                throw Rejected.invalid("export name `" + item.name() + "` already defined");
            }
        }
        scope.coreInstances.add(exports);
        steps.add(new Step.BundleCore(items.stream().map(i -> new Step.CoreItem(i.name(), i.sort(), i.index())).toList()));
    }

    private void instantiate(int index, List<Definition.Argument> arguments) {
        ComponentType component = Scope.at(scope.components, index, "component");
        Map<String, ExternType> given = new HashMap<>();
        List<Step.Item> items = new ArrayList<>();
        for (Definition.Argument argument : arguments) {
            ExternType item = scope.item(argument.sort(), argument.index());
            if (given.put(argument.name(), item) != null) {
                throw Rejected.invalid("instantiation argument `" + argument.name() + "` conflicts with previous argument `"
                        + argument.name() + "`");
            }
            item(argument.name(), argument.sort(), argument.index(), item).ifPresent(items::add);
        }
        Substitution substitution = arguments(component, given);
        List<ResourceType> made = substitution.refresh(component.definedResources());
        Map<String, ExternType> exports = substitution.apply(component.exports());
        scope.definedResources.addAll(made);
        scope.instances.add(new InstanceType(List.of(), exports));
        steps.add(new Step.InstantiateComponent(index, items, slots.find(made, exports)));
    }

    private Substitution arguments(ComponentType component, Map<String, ExternType> given) {
        Substitution substitution = new Substitution(shared.table);
        var variables = new HashSet<>(component.importedResources());
        component.imports().forEach((name, type) -> {
            ExternType actual = Optional.ofNullable(given.get(name))
                    .orElseThrow(() -> Rejected.invalid("missing import named `" + name + "`"));
            subtyping.bind(name, type, actual, variables, substitution);
            try {
                subtyping.check(actual, substitution.apply(type));
            } catch (Rejected e) {
                throw e.within("type mismatch for import `" + name + "`");
            }
            subtyping.rename(type, actual, substitution);
        });
        return substitution;
    }

    /** How the item is found when the component is instantiated; types of values are not needed then. */
    private Optional<Step.Item> item(String name, Sort sort, int index, ExternType type) {
        if (!(type instanceof ExternType.Type(TypeDefinition definition))) {
            return Optional.of(new Step.Item(name, sort, index));
        }
        return definition instanceof ResourceType resource
                ? Optional.of(new Step.Item(name, sort, slots.of(resource))) : Optional.empty();
    }

    private void bundle(List<Definition.Item> syntax) {
        ExternNames names = new ExternNames("export");
        Map<String, ExternType> exports = new LinkedHashMap<>();
        List<Step.Item> items = new ArrayList<>();
        for (Definition.Item export : syntax) {
            ExternType type = scope.item(export.sort(), export.index());
            names.add(export.name(), type);
            exports.put(export.name().name(), type);
            item(export.name().name(), export.sort(), export.index(), type).ifPresent(items::add);
        }
        InstanceType instance = new InstanceType(List.of(), exports);
        shared.table.facts(instance);
        scope.instances.add(instance);
        steps.add(new Step.Bundle(items));
    }

    private void importing(Definition.Import syntax) {
        String name = syntax.name().name();
        List<ResourceType> made = new ArrayList<>();
        ExternType type = types.extern(syntax.type(), name, scope, made);
        Externals.declareImport(scope, syntax.name(), type);
        scope.importedResources.addAll(made);
        steps.add(new Step.Import(name, type, slots.find(made, type)));
    }

    private void export(Definition.Export export) {
        String name = export.name().name();
        ExternType actual = scope.item(export.sort(), export.index());
        ExternType type = export.ascribed().map(syntax -> ascribed(actual, syntax, name)).orElseGet(() -> renamed(actual, name));
        Externals.declareExport(scope, export.name(), type);
        item(name, export.sort(), export.index(), actual).map(Step.Export::new).ifPresent(steps::add);
    }

    private static ExternType renamed(ExternType type, String name) {
        return type instanceof ExternType.Type(var definition)
                ? new ExternType.Type(TypeResolver.renamed(definition, name)) : type;
    }

    /** An export may be given a less precise type, in which its resource types are no longer known to be what they are. */
    private ExternType ascribed(ExternType actual, Definition.ExternSyntax syntax, String name) {
        List<ResourceType> made = new ArrayList<>();
        ExternType type = types.extern(syntax, name, scope, made);
        Substitution substitution = new Substitution(shared.table);
        subtyping.bind(name, type, actual, new HashSet<>(made), substitution);
        try {
            subtyping.check(actual, substitution.apply(type));
        } catch (Rejected e) {
            throw e.within("ascribed type of export is not compatible with item's type");
        }
        scope.definedResources.addAll(made);
        made.forEach(resource -> slots.share(resource, (ResourceType) substitution.apply(resource)));
        return type;
    }
}
