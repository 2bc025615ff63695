package org.ashlar.endive;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.ashlar.api.wasm.WasmException;
import org.ashlar.wasm.ClassTuner;
import org.ashlar.wasm.CodeLoader;
import org.ashlar.wasm.CompiledCode;
import org.ashlar.wasm.FuelRewriter;
import org.ashlar.wasm.Lines;
import org.ashlar.wasm.ModuleBinary;
import org.ashlar.wasm.ModuleStore;
import org.ashlar.wasm.Preflight;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.internal.Compiler;
import run.endive.compiler.internal.CompilerResult;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.NameCustomSection;

/** Validates modules and compiles them to class files. Stateless. */
final class ModuleCompiler implements ModuleStore.Compiler<EndiveModule> {
    @Override
    public CompiledCode compile(byte[] module, String label) {
        return explained(() -> {
            Preflight.check(module);
            WasmModule original = Parser.parse(module);
            Supported.check(original);
            Optional<byte[]> metered = FuelRewriter.rewrite(module);
            CompilerResult result = Compiler.builder(metered.map(Parser::parse).orElse(original))
                    .withClassName("org.ashlar.compiled." + label)
                    .withInterpreterFallback(InterpreterFallback.SILENT)
                    .withClassCollectorFactory(OwnRoutines::new)
                    .build()
                    .compile();
            Map<Integer, String> interpreted = names(original, metered.isPresent() ? 1 : 0, result);
            Supported.checkInterpreted(original, interpreted.values());
            // Endive names some classes in the form that has slashes
            Map<String, byte[]> classes = new TreeMap<>();
            ClassTuner tuner = new ClassTuner(ModuleCompiler.class.getClassLoader(), module);
            result.classBytes().forEach((name, file) -> classes.put(name.replace('/', '.'), tuner.tuned(file)));
            return new CompiledCode(result.collector().mainClassName(), classes, interpreted);
        });
    }

    @Override
    public EndiveModule load(byte[] module, CompiledCode code) {
        CodeLoader<Instance, Machine> loader = new CodeLoader<>(code, ModuleCompiler.class.getClassLoader(), Instance.class,
                Machine.class);
        loader.verify();
        return explained(() -> {
            Optional<byte[]> metered = FuelRewriter.rewrite(module);
            WasmModule declarations = declarations(metered.orElse(module), code);
            return new EndiveModule(declarations, metered.isPresent(), loader::newMachine, code.interpreted().values().stream().toList());
        });
    }

    /** The parsed module without its code, which is enough to instantiate it. */
    private static WasmModule declarations(byte[] module, CompiledCode code) {
        WasmModule parsed = Parser.parse(ModuleBinary.withoutCode(module, Set.of()));
        if (code.interpreted().isEmpty()) {
            return parsed;
        }
        int imported = parsed.importSection().count(ExternalType.FUNCTION);
        return Parser.parse(ModuleBinary.withoutCode(module,
                code.interpreted().keySet().stream().map(i -> i - imported).collect(Collectors.toSet())));
    }

    /** @param added how many functions stand before the module's own that it did not have when its names were given */
    private static Map<Integer, String> names(WasmModule module, int added, CompilerResult result) {
        Map<Integer, String> names = new TreeMap<>();
        for (int function : result.interpretedFunctions()) {
            int original = function - added;
            Optional<String> name = Optional.ofNullable(module.nameSection())
                    .map((NameCustomSection section) -> section.nameOfFunction(original));
            names.put(function, name.orElse("function " + original));
        }
        return names;
    }

    /** What is wrong with a module, in the words of parser and compiler. */
    private static <T> T explained(Supplier<T> work) {
        try {
            return work.get();
        } catch (WasmEngineException e) {
            throw new WasmException(Lines.first(String.valueOf(e.getMessage())), e);
        }
    }
}
