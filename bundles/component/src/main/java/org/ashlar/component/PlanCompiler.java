package org.ashlar.component;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import org.ashlar.api.wasm.FunctionType;
import org.ashlar.api.wasm.HostFunction;
import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.api.wasm.WasmInstance;
import org.ashlar.api.wasm.WasmModule;
import org.ashlar.component.binary.CoreType;
import org.ashlar.component.binary.CoreValueType;
import org.ashlar.component.binary.Definition.StringEncoding;
import org.ashlar.component.binary.Sort;
import org.ashlar.component.type.ExternType;
import org.ashlar.component.type.FuncType;
import org.ashlar.component.validation.Step;
import org.ashlar.component.validation.ValidComponent;

/** Turns the steps of a valid component into actions, with all that can be known beforehand worked out. */
final class PlanCompiler {
    private final List<WasmModule> modules;
    private final ValidComponent component;
    private final Map<StringEncoding, Signatures> signatures = new EnumMap<>(StringEncoding.class);

    private final AtomicInteger classes;

    private PlanCompiler(ValidComponent component, List<WasmModule> modules, AtomicInteger classes) {
        this.component = component;
        this.modules = modules;
        this.classes = classes;
    }

    /** @param modules the compiled core modules, in the order of {@link ValidComponent#modules} */
    static Plan compile(ValidComponent component, List<WasmModule> modules) {
        return compile(component, modules, new AtomicInteger(CodecGenerator.MOST_CLASSES));
    }

    private static Plan compile(ValidComponent component, List<WasmModule> modules, AtomicInteger classes) {
        PlanCompiler compiler = new PlanCompiler(component, modules, classes);
        return new Plan(component.steps().stream().map(compiler::action).toList(), component.slotCount());
    }

    private Plan.Action action(Step step) {
        return switch (step) {
            case Step.DefineModule(int module) -> define(Sort.CORE_MODULE, modules.get(module));
            case Step.InstantiateModule(int module, var arguments) -> instantiateModule(module, arguments);
            case Step.BundleCore(var items) -> frame -> {
                Map<String, Object> exports = new HashMap<>();
                items.forEach(item -> exports.put(item.name(), frame.get(item.sort(), item.index())));
                frame.add(Sort.CORE_INSTANCE, Frame.Named.of(exports));
            };
            case Step.DefineComponent(var nested) -> {
                Plan plan = compile(nested, modules, classes);
                yield frame -> frame.add(Sort.COMPONENT, new Frame.Closure(plan, Optional.of(frame)));
            }
            case Step.InstantiateComponent instantiate -> instantiateComponent(instantiate);
            case Step.Bundle(var items) -> frame -> frame.add(Sort.INSTANCE, named(items, frame));
            case Step.AliasExport(Sort sort, int instance, String name) -> sort == Sort.TYPE ? _ -> { }
                    : frame -> frame.add(sort, find(frame.instance(instance), name));
            case Step.AliasCoreExport(Sort sort, int instance, String name) ->
                    frame -> frame.add(sort, find(frame.coreInstance(instance), name));
            case Step.AliasOuter(Sort sort, int count, int index) -> frame -> {
                Frame outer = frame;
                for (int i = 0; i < count; i++) {
                    outer = outer.outer.orElseThrow();
                }
                frame.add(sort, outer.get(sort, index));
            };
            case Step.Lift lift -> lift(lift);
            case Step.Lower lower -> lower(lower);
            case Step.ResourceNew(int slot) ->
                    frame -> frame.add(Sort.CORE_FUNCTION, ResourceFunctions.create(frame.instance, slot));
            case Step.ResourceDrop(int slot) ->
                    frame -> frame.add(Sort.CORE_FUNCTION, ResourceFunctions.drop(frame.instance, slot));
            case Step.ResourceRep(int slot) ->
                    frame -> frame.add(Sort.CORE_FUNCTION, ResourceFunctions.representation(frame.instance, slot));
            case Step.DefineResource(int slot, var destructor) -> frame -> {
                Optional<WasmExtern.Function> function = destructor.isPresent()
                        ? Optional.of(frame.coreFunction(destructor.getAsInt())) : Optional.empty();
                frame.instance.resources[slot] = new RuntimeResource.GuestDefined(frame.instance, function);
            };
            case Step.Import importing -> importing(importing);
            case Step.Export(var item) -> frame -> {
                Object exported = frame.item(item.sort(), item.index());
                frame.export(item.name(), exported);
                if (item.sort() != Sort.TYPE) {
                    frame.add(item.sort(), exported);
                }
            };
        };
    }

    private static Plan.Action define(Sort sort, Object item) {
        return frame -> frame.add(sort, item);
    }

    private static Object find(Frame.Named instance, String name) {
        return instance.get(name).orElseThrow(() -> new IllegalStateException("validation missed that there is no " + name));
    }

    private static Frame.Named named(List<Step.Item> items, Frame frame) {
        Map<String, Object> named = new HashMap<>();
        items.forEach(item -> named.put(item.name(), frame.item(item.sort(), item.index())));
        return Frame.Named.of(named);
    }

    private static Plan.Action instantiateModule(int index, List<Step.CoreArgument> arguments) {
        Map<String, Integer> instances = new HashMap<>();
        arguments.forEach(argument -> instances.put(argument.name(), argument.instance()));
        return frame -> {
            WasmModule module = frame.module(index);
            List<WasmExtern> imports = new ArrayList<>(module.imports().size());
            for (WasmModule.Import wanted : module.imports()) {
                imports.add((WasmExtern) find(frame.coreInstance(instances.get(wanted.module())), wanted.name()));
            }
            frame.instance.store.countInstance();
            WasmInstance instance = module.instantiate(imports, frame.instance.store.budget(), frame.instance.store.fuel());
            frame.add(Sort.CORE_INSTANCE, (Frame.Named) name -> instance.export(name).map(Object.class::cast));
        };
    }

    private static Plan.Action instantiateComponent(Step.InstantiateComponent step) {
        return frame -> {
            Frame.Closure closure = frame.component(step.component());
            Frame made = closure.plan().instantiate(frame.instance.store, Optional.of(frame.instance),
                    named(step.arguments(), frame), closure.outer());
            Frame.Named exports = made.exports();
            bind(frame, step.resources(), exports);
            frame.add(Sort.INSTANCE, exports);
        };
    }

    private static void bind(Frame frame, List<Step.ResourcePath> paths, Object item) {
        for (Step.ResourcePath path : paths) {
            Object found = item;
            for (String name : path.names()) {
                found = find((Frame.Named) found, name);
            }
            frame.instance.resources[path.slot()] = (RuntimeResource) found;
        }
    }

    private static Plan.Action importing(Step.Import step) {
        Sort sort = switch (step.type()) {
            case ExternType.Function _ -> Sort.FUNCTION;
            case ExternType.Instance _ -> Sort.INSTANCE;
            case ExternType.Component _ -> Sort.COMPONENT;
            case ExternType.CoreModule _ -> Sort.CORE_MODULE;
            case ExternType.Type _ -> Sort.TYPE;
        };
        if (sort == Sort.TYPE && step.resources().isEmpty()) {
            return _ -> { };
        }
        return frame -> {
            Object given = find(frame.arguments, step.name());
            bind(frame, step.resources(), given);
            if (sort != Sort.TYPE) {
                frame.add(sort, given);
            }
        };
    }

    private Function<Shapes, Signature> signature(FuncType type, Step.Options options) {
        return signatures.computeIfAbsent(options.encoding(), encoding -> new Signatures(component.slots(), encoding, classes))
                .of(type);
    }

    private Plan.Action lift(Step.Lift step) {
        Function<Shapes, Signature> signature = signature(step.type(), step.options());
        Step.Options options = step.options();
        return frame -> frame.add(Sort.FUNCTION, new LiftedFunction(signature, frame.abi(options),
                frame.coreFunction(step.coreFunction()), options.postReturn().isPresent()
                        ? Optional.of(frame.coreFunction(options.postReturn().getAsInt())) : Optional.empty()));
    }

    private Plan.Action lower(Step.Lower step) {
        Function<Shapes, Signature> signature = signature(step.type(), step.options());
        FunctionType type = coreType(step.core());
        return frame -> frame.add(Sort.CORE_FUNCTION, new HostFunction(type,
                new LoweredFunction(signature, frame.abi(step.options()), frame.function(step.function()))));
    }

    private static FunctionType coreType(CoreType.Function type) {
        return new FunctionType(type.parameters().stream().map(PlanCompiler::coreType).toList(),
                type.results().stream().map(PlanCompiler::coreType).toList());
    }

    private static FunctionType.ValueType coreType(CoreValueType type) {
        return switch (type) {
            case CoreValueType.Plain.I32 -> FunctionType.ValueType.I32;
            case CoreValueType.Plain.I64 -> FunctionType.ValueType.I64;
            case CoreValueType.Plain.F32 -> FunctionType.ValueType.F32;
            case CoreValueType.Plain.F64 -> FunctionType.ValueType.F64;
            default -> throw new IllegalStateException("no lowered function has a parameter of type " + type);
        };
    }
}
