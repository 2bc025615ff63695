package org.ashlar.component.validation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.ashlar.component.binary.CoreExtern;
import org.ashlar.component.binary.CoreModuleType;
import org.ashlar.component.binary.CoreTypes;
import org.ashlar.component.binary.Rejected;

/** Which core items may stand for which: core WebAssembly's import matching, and subtyping of modules. */
final class CoreLinking {
    private final CoreTypes types;

    CoreLinking(CoreTypes types) {
        this.types = types;
    }

    /** Checks the instances that are given for a module's imports, by module name. */
    void checkImports(CoreModuleType module, Map<String, Map<String, CoreExtern>> arguments) {
        for (CoreModuleType.Import wanted : module.imports()) {
            Map<String, CoreExtern> instance = Optional.ofNullable(arguments.get(wanted.module())).orElseThrow(() ->
                    Rejected.invalid("missing module instantiation argument named `" + wanted.module() + "`"));
            CoreExtern given = Optional.ofNullable(instance.get(wanted.name())).orElseThrow(() ->
                    Rejected.invalid("module instantiation argument `" + wanted.module()
                            + "` does not export an item named `" + wanted.name() + "`"));
            try {
                check(given, wanted.type());
            } catch (Rejected e) {
                throw e.within("type mismatch for export `" + wanted.name() + "` of module instantiation argument `"
                        + wanted.module() + "`");
            }
        }
    }

    /** Whether a module may stand for one of another type: it imports at most as much, and exports at least as much. */
    void checkSubtype(CoreModuleType actual, CoreModuleType expected) {
        Map<List<String>, CoreExtern> offered = new HashMap<>();
        expected.imports().forEach(item -> offered.put(List.of(item.module(), item.name()), item.type()));
        for (CoreModuleType.Import wanted : actual.imports()) {
            String name = wanted.module() + "::" + wanted.name();
            CoreExtern given = Optional.ofNullable(offered.get(List.of(wanted.module(), wanted.name())))
                    .orElseThrow(() -> Rejected.invalid("missing expected import `" + name + "`"));
            try {
                check(given, wanted.type());
            } catch (Rejected e) {
                throw e.within("type mismatch in import `" + name + "`");
            }
        }
        expected.exports().forEach((name, type) -> {
            CoreExtern given = Optional.ofNullable(actual.exports().get(name))
                    .orElseThrow(() -> Rejected.invalid("missing expected export `" + name + "`"));
            try {
                check(given, type);
            } catch (Rejected e) {
                throw e.within("type mismatch in export `" + name + "`");
            }
        });
    }

    private void check(CoreExtern actual, CoreExtern expected) {
        switch (expected) {
            case CoreExtern.Function(int type) when actual instanceof CoreExtern.Function(int given) -> {
                if (!types.isSubtype(given, type)) {
                    throw functionMismatch(given, type);
                }
            }
            case CoreExtern.Tag(int type) when actual instanceof CoreExtern.Tag(int given) -> {
                if (given != type) {
                    throw functionMismatch(given, type);
                }
            }
            case CoreExtern.Global wanted when actual instanceof CoreExtern.Global given -> global(given, wanted);
            case CoreExtern.Table(var element, var bounds)
                    when actual instanceof CoreExtern.Table(var givenElement, var givenBounds) -> {
                if (!element.equals(givenElement)) {
                    throw Rejected.invalid("expected table element type " + element + ", found " + givenElement);
                }
                if (!givenBounds.fits(bounds)) {
                    throw Rejected.invalid("mismatch in table limits");
                }
            }
            case CoreExtern.Memory wanted when actual instanceof CoreExtern.Memory given -> memory(given, wanted);
            default -> throw Rejected.invalid("expected " + expected.word() + ", found " + actual.word());
        }
    }

    private Rejected functionMismatch(int actual, int expected) {
        return Rejected.invalid("expected: " + types.function(expected) + ", found: " + types.function(actual));
    }

    private static void global(CoreExtern.Global actual, CoreExtern.Global expected) {
        if (actual.mutable() != expected.mutable()) {
            throw Rejected.invalid("global types differ in mutability");
        }
        if (!actual.type().equals(expected.type())) {
            throw Rejected.invalid("expected global type " + expected.type() + ", found " + actual.type());
        }
    }

    private static void memory(CoreExtern.Memory actual, CoreExtern.Memory expected) {
        if (actual.shared() != expected.shared()) {
            throw Rejected.invalid("mismatch in the shared flag for memories");
        }
        if (actual.pageBits() != expected.pageBits()) {
            throw Rejected.invalid("mismatch in the page size of memories");
        }
        if (!actual.bounds().fits(expected.bounds())) {
            throw Rejected.invalid("mismatch in memory limits");
        }
    }
}
