package org.ashlar.component.validation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.ashlar.component.binary.CoreExtern;
import org.ashlar.component.binary.CoreModuleType;
import org.ashlar.component.binary.CoreTypeSyntax;
import org.ashlar.component.binary.CoreTypeSyntax.Declaration;
import org.ashlar.component.binary.CoreTypes;
import org.ashlar.component.binary.Rejected;

/** Resolves the definitions of core type sections. */
final class CoreTypeResolver {
    private final CoreTypes types;

    CoreTypeResolver(CoreTypes types) {
        this.types = types;
    }

    void define(CoreTypeSyntax syntax, Scope scope) {
        switch (syntax) {
            case CoreTypeSyntax.Group(var group) -> {
                int first = types.intern(group, scope.coreTypes.size(), index -> number(scope, index));
                for (int i = 0; i < group.size(); i++) {
                    scope.coreTypes.add(new Scope.CoreTypeEntry.Numbered(first + i));
                }
            }
            case CoreTypeSyntax.Module(var declarations) ->
                    scope.coreTypes.add(new Scope.CoreTypeEntry.Module(module(declarations, scope)));
        }
    }

    private static int number(Scope scope, int index) {
        return numberOf(Scope.at(scope.coreTypes, index, "type"), index);
    }

    private static int numberOf(Scope.CoreTypeEntry entry, int index) {
        if (entry instanceof Scope.CoreTypeEntry.Numbered(int number)) {
            return number;
        }
        throw Rejected.invalid("core type index " + index + " is a module type");
    }

    CoreModuleType moduleType(Scope scope, int index) {
        if (Scope.at(scope.coreTypes, index, "type") instanceof Scope.CoreTypeEntry.Module(var type)) {
            return type;
        }
        throw Rejected.invalid("core type index " + index + " is not a module type");
    }

    private CoreModuleType module(List<Declaration> declarations, Scope scope) {
        return new ModuleScope(scope).resolve(declarations);
    }

    /** The inside of a module type. */
    private final class ModuleScope {
        private final Scope outer;
        private final List<Integer> numbers = new ArrayList<>();
        private final List<CoreModuleType.Import> imports = new ArrayList<>();
        private final Set<List<String>> importNames = new HashSet<>();
        private final Map<String, CoreExtern> exports = new LinkedHashMap<>();

        ModuleScope(Scope outer) {
            this.outer = outer;
        }

        CoreModuleType resolve(List<Declaration> declarations) {
            declarations.forEach(this::declare);
            return new CoreModuleType(imports, exports);
        }

        private int local(int index) {
            return Scope.at(numbers, index, "type");
        }

        private void declare(Declaration declaration) {
            switch (declaration) {
                case Declaration.Type(CoreTypeSyntax.Group(var group)) -> {
                    int first = types.intern(group, numbers.size(), this::local);
                    for (int i = 0; i < group.size(); i++) {
                        numbers.add(first + i);
                    }
                }
                case Declaration.Type _ -> throw Rejected.invalid("a module type cannot contain a module type");
                case Declaration.AliasOuter(int count, int index) -> alias(count, index);
                case Declaration.Import(var module, var name, var type) -> {
                    if (!importNames.add(List.of(module, name))) {
                        throw Rejected.invalid("duplicate import name `" + module + ":" + name + "`");
                    }
                    imports.add(new CoreModuleType.Import(module, name, extern(type)));
                }
                case Declaration.Export(var name, var type) -> {
                    if (exports.put(name, extern(type)) != null) {
                        throw Rejected.invalid("export name `" + name + "` already defined");
                    }
                }
            }
        }

        private void alias(int count, int index) {
            if (count == 0) {
                numbers.add(local(index));
            } else {
                numbers.add(number(outer.outer(count - 1), index));
            }
        }

        private CoreExtern extern(CoreExtern syntax) {
            CoreExtern type = syntax.mapped(this::local);
            if (type instanceof CoreExtern.Function(int number)) {
                types.function(number);
            }
            if (type instanceof CoreExtern.Tag(int number)) {
                types.function(number);
            }
            return type;
        }
    }
}
