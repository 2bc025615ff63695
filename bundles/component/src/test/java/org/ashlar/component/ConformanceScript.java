package org.ashlar.component;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmTrap;

/** Runs one script of the component-model test suite and counts what passed. */
final class ConformanceScript {
    private static final Linker<Unit> NO_IMPORTS = Linker.<Unit>builder().build();
    private static final MemoryBudget BUDGET = MemoryBudget.of(1L << 32);

    private final Path folder;
    private final Map<String, CompiledComponent> definitions = new HashMap<>();
    private Optional<ComponentInstance> current = Optional.empty();
    /** The current instance could not be made because of a feature that is not supported. */
    private boolean currentUnsupported;

    int passed;
    int unsupported;
    final List<String> failures = new ArrayList<>();

    private ConformanceScript(Path folder) {
        this.folder = folder;
    }

    static ConformanceScript run(Path file) throws IOException {
        ConformanceScript script = new ConformanceScript(file.getParent());
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank()) {
                script.line((SExpression.Group) SExpression.parse(line));
            }
        }
        return script;
    }

    /** What a step that cannot be done here ends with. */
    private static final class Unsupported extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private void line(SExpression.Group line) {
        SExpression.Group step = line.group(1);
        if (step.items().stream().anyMatch(item -> item instanceof SExpression.Group group && group.head().equals("texterr"))) {
            return;
        }
        try {
            step(step);
            passed++;
        } catch (Unsupported e) {
            unsupported++;
        } catch (ComponentException e) {
            if (e.kind() == ComponentException.Kind.UNSUPPORTED) {
                unsupported++;
            } else {
                failures.add("line " + line.head() + ": " + e);
            }
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            failures.add("line " + line.head() + ": " + e);
        }
    }

    private void step(SExpression.Group step) {
        switch (step.head()) {
            case "inst" -> enter(() -> instantiate(compile(step.text(2))));
            case "def" -> {
                definitions.remove(step.text(1));
                definitions.put(step.text(1), compile(step.text(2)));
            }
            case "module" -> compile(step.text(2));
            case "cinstance" -> enter(() -> instantiate(Optional.ofNullable(definitions.get(step.text(2)))
                    .orElseThrow(Unsupported::new)));
            case "assert_return" -> assertReturn(step);
            case "assert_trap" -> assertTrap(step);
            case "assert_invalid" -> assertRejected(step, ComponentException.Kind.INVALID);
            case "assert_malformed" -> assertRejected(step, ComponentException.Kind.MALFORMED);
            case "assert_unlinkable" -> assertRejected(step, ComponentException.Kind.UNLINKABLE);
            default -> throw new IllegalArgumentException("unknown step " + step.head());
        }
    }

    private void enter(java.util.function.Supplier<ComponentInstance> making) {
        current = Optional.empty();
        currentUnsupported = true;
        current = Optional.of(making.get());
        currentUnsupported = false;
    }

    private CompiledComponent compile(String file) {
        try {
            return Component.decode(Files.readAllBytes(folder.resolve(file))).compile(TestEngine.CHICORY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ComponentInstance instantiate(CompiledComponent component) {
        return NO_IMPORTS.instantiate(component, Unit.VALUE, BUDGET);
    }

    private Object invoke(SExpression.Group invoke) {
        if (currentUnsupported) {
            throw new Unsupported();
        }
        String name = invoke.text(1);
        ComponentFunction function = current.orElseThrow().function(name)
                .orElseThrow(() -> new AssertionError("no function " + name));
        Object[] arguments = new Object[invoke.items().size() - 2];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = ScriptValues.parse(invoke.group(i + 2), function.type().parameters().get(i).type());
        }
        return function.call(arguments);
    }

    private void assertReturn(SExpression.Group step) {
        Object actual = invoke(step.group(1));
        ComponentFunction function = current.orElseThrow().function(step.group(1).text(1)).orElseThrow();
        Object expected = function.type().result().<Object>map(type -> ScriptValues.parse(step.group(2), type))
                .orElse(Unit.VALUE);
        if (!ScriptValues.equal(expected, actual)) {
            throw new AssertionError("expected " + expected + ", got " + actual);
        }
    }

    private void assertTrap(SExpression.Group step) {
        String expected = step.text(2).replaceFirst("^wasm trap: ", "");
        String actual;
        try {
            actual = "the value " + invoke(step.group(1));
        } catch (ComponentTrap | WasmTrap e) {
            actual = e.getMessage();
        }
        if (!actual.contains(expected)) {
            throw new AssertionError("expected the trap `" + expected + "`, got `" + actual + "`");
        }
    }

    private void assertRejected(SExpression.Group step, ComponentException.Kind kind) {
        String expected = step.text(2);
        try {
            compile(step.group(1).text(2));
        } catch (ComponentException e) {
            if (e.kind() == ComponentException.Kind.UNSUPPORTED) {
                throw e;
            }
            if (e.kind() != kind || !e.getMessage().contains(expected)) {
                throw new AssertionError("expected " + kind + " `" + expected + "`, got " + e.kind() + " `" + e.getMessage()
                        + "`");
            }
            return;
        }
        throw new AssertionError("expected " + kind + " `" + expected + "`, but it was accepted");
    }
}
