package org.ashlar.component.validation;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

import org.ashlar.component.binary.CoreExtern;
import org.ashlar.component.binary.CoreType;
import org.ashlar.component.binary.CoreTypes;
import org.ashlar.component.binary.CoreValueType;
import org.ashlar.component.binary.CoreValueType.Plain;
import org.ashlar.component.binary.Definition;
import org.ashlar.component.binary.Definition.StringEncoding;
import org.ashlar.component.binary.Rejected;
import org.ashlar.component.binary.Sort;
import org.ashlar.component.type.FuncType;

/** Checks {@code canon lift} and {@code canon lower} ({@code CanonicalABI.md}, "Canonical Definitions"). */
final class Canonicals {
    private static final CoreType.Function REALLOC =
            new CoreType.Function(List.of(Plain.I32, Plain.I32, Plain.I32, Plain.I32), List.of(Plain.I32));

    private final TypeTable table;
    private final CoreTypes coreTypes;
    private final Flattening flattening;

    Canonicals(TypeTable table, CoreTypes coreTypes) {
        this.table = table;
        this.coreTypes = coreTypes;
        this.flattening = new Flattening(table);
    }

    Step.Lift lift(Definition.Lift lift, Scope scope) {
        FuncType type = scope.functionType(lift.type());
        requireSynchronous(type);
        CoreType.Function actual = function(scope, lift.coreFunction());
        CoreType.Function expected = flattening.lifted(type);
        Step.Options options = options(lift.options(), scope);
        boolean lowers = flattening.parametersSpill(type) || table.parameters(type).pointers();
        boolean lifts = flattening.resultSpills(type) || type.result().map(t -> table.facts(t).pointers()).orElse(false);
        require(options, lowers || lifts, lowers);
        checkPostReturn(options, scope, actual);
        match("parameter", expected.parameters(), actual.parameters());
        match("result", expected.results(), actual.results());
        return new Step.Lift(lift.coreFunction(), options, type);
    }

    Step.Lower lower(Definition.Lower lower, Scope scope) {
        FuncType type = Scope.at(scope.functions, lower.function(), "function");
        requireSynchronous(type);
        Step.Options options = options(lower.options(), scope);
        if (options.postReturn().isPresent()) {
            throw Rejected.invalid("canonical option `post-return` cannot be specified for lowerings");
        }
        boolean lifts = flattening.parametersSpill(type) || table.parameters(type).pointers();
        boolean pointers = type.result().map(t -> table.facts(t).pointers()).orElse(false);
        require(options, lifts || pointers || flattening.resultSpills(type), pointers);
        CoreType.Function core = flattening.lowered(type);
        addFunction(scope, core.parameters(), core.results());
        return new Step.Lower(lower.function(), options, type, core);
    }

    void addFunction(Scope scope, List<CoreValueType> parameters, List<CoreValueType> results) {
        scope.core.get(Sort.CORE_FUNCTION).add(new CoreExtern.Function(coreTypes.function(parameters, results)));
    }

    CoreType.Function function(Scope scope, int index) {
        return coreTypes.function(((CoreExtern.Function) scope.core(Sort.CORE_FUNCTION, index)).type());
    }

    private void requireSynchronous(FuncType type) {
        if (type.async() || table.facts(type).async()) {
            throw Rejected.unsupported("asynchronous functions, streams and futures");
        }
    }

    private static void require(Step.Options options, boolean memory, boolean realloc) {
        if (options.memory().isEmpty() && memory) {
            throw Rejected.invalid("canonical option `memory` is required");
        }
        if (options.realloc().isEmpty() && realloc) {
            throw Rejected.invalid("canonical option `realloc` is required");
        }
    }

    private static void match(String what, List<CoreValueType> expected, List<CoreValueType> actual) {
        if (!expected.equals(actual)) {
            throw Rejected.invalid("lowered " + what + " types `" + text(expected) + "` do not match " + what + " types `"
                    + text(actual) + "`");
        }
    }

    private static String text(List<CoreValueType> types) {
        return types.toString().toUpperCase(Locale.ROOT);
    }

    private Step.Options options(Definition.Options syntax, Scope scope) {
        OptionReader reader = new OptionReader();
        syntax.list().forEach(reader::read);
        reader.memory.ifPresent(index -> checkMemory(scope, index));
        if (reader.realloc.isPresent()) {
            if (!function(scope, reader.realloc.getAsInt()).equals(REALLOC)) {
                throw Rejected.invalid("canonical option `realloc` uses a core function with an incorrect signature");
            }
            if (reader.memory.isEmpty()) {
                throw Rejected.invalid("canonical option `realloc` requires `memory` to also be specified");
            }
        }
        return new Step.Options(reader.encoding == null ? StringEncoding.UTF8 : reader.encoding, reader.memory,
                reader.realloc, reader.postReturn);
    }

    private static void checkMemory(Scope scope, int index) {
        CoreExtern.Memory memory = (CoreExtern.Memory) scope.core(Sort.CORE_MEMORY, index);
        if (memory.bounds().wide()) {
            throw Rejected.unsupported("memories with 64-bit addresses");
        }
        if (memory.shared()) {
            throw Rejected.invalid("canonical option `memory` must not be a shared memory");
        }
    }

    private void checkPostReturn(Step.Options options, Scope scope, CoreType.Function lifted) {
        if (options.postReturn().isPresent()) {
            CoreType.Function actual = function(scope, options.postReturn().getAsInt());
            if (!actual.equals(new CoreType.Function(lifted.results(), List.of()))) {
                throw Rejected.invalid("canonical option `post-return` uses a core function with an incorrect signature");
            }
        }
    }

    /** Sorts options, each of which may be given once. */
    private static final class OptionReader {
        private StringEncoding encoding;
        private OptionalInt memory = OptionalInt.empty();
        private OptionalInt realloc = OptionalInt.empty();
        private OptionalInt postReturn = OptionalInt.empty();

        void read(Definition.Option option) {
            switch (option) {
                case Definition.Option.Encoding(var chosen) -> {
                    if (encoding != null) {
                        throw Rejected.invalid("canonical encoding option `" + encoding + "` conflicts with option `" + chosen
                                + "`");
                    }
                    encoding = chosen;
                }
                case Definition.Option.Memory(int index) -> memory = once(memory, index, "memory");
                case Definition.Option.Realloc(int index) -> realloc = once(realloc, index, "realloc");
                case Definition.Option.PostReturn(int index) -> postReturn = once(postReturn, index, "post-return");
                case Definition.Option.Async _, Definition.Option.Callback _ ->
                        throw Rejected.unsupported("canonical options `async` and `callback`");
            }
        }

        private static OptionalInt once(OptionalInt before, int index, String name) {
            if (before.isPresent()) {
                throw Rejected.invalid("canonical option `" + name + "` is specified more than once");
            }
            return OptionalInt.of(index);
        }
    }
}
