package org.ashlar.component.validation;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import org.ashlar.component.binary.Definition.ExternSyntax;
import org.ashlar.component.binary.Rejected;
import org.ashlar.component.binary.TypeSyntax;
import org.ashlar.component.type.ComponentType;
import org.ashlar.component.type.ExternType;
import org.ashlar.component.type.FuncType;
import org.ashlar.component.type.InstanceType;
import org.ashlar.component.type.ResourceType;
import org.ashlar.component.type.TypeDefinition;
import org.ashlar.component.type.ValueType;
import org.ashlar.component.type.ValueType.Primitive;

/** Resolves type definitions within a scope. Resource definitions are not among them: they belong to components. */
final class TypeResolver {
    private final TypeTable table;
    private final CoreTypeResolver coreTypes;
    private final Aliases aliases;

    TypeResolver(TypeTable table, CoreTypeResolver coreTypes) {
        this.table = table;
        this.coreTypes = coreTypes;
        this.aliases = new Aliases(table);
    }

    TypeDefinition resolve(TypeSyntax syntax, Scope scope) {
        TypeDefinition type = switch (syntax) {
            case TypeSyntax.Defined defined -> value(defined, scope);
            case TypeSyntax.Function function -> function(function, scope);
            case TypeSyntax.Instance(var declarations) -> instance(declarations, scope);
            case TypeSyntax.Component(var declarations) -> component(declarations, scope);
            case TypeSyntax.Resource _ ->
                    throw Rejected.invalid("resources can only be defined within a concrete component");
        };
        table.facts(type);
        return type;
    }

    private ValueType value(TypeSyntax.Defined syntax, Scope scope) {
        return switch (syntax) {
            case TypeSyntax.PrimitiveType(var primitive) -> primitive;
            case TypeSyntax.Record(var fields) -> record(fields, scope);
            case TypeSyntax.Variant(var cases) -> variant(cases, scope);
            case TypeSyntax.ListOf(var element, var length) -> list(element, length, scope);
            case TypeSyntax.MapOf(var key, var value) -> map(reference(key, scope), reference(value, scope));
            case TypeSyntax.Tuple(var elements) -> {
                requireSome(elements, "tuple type must have at least one type");
                yield new ValueType.Tuple(elements.stream().map(element -> reference(element, scope)).toList());
            }
            case TypeSyntax.Flags(var labels) -> flags(labels);
            case TypeSyntax.Enum(var cases) -> {
                requireSome(cases, "enum type must have at least one variant");
                Labels.check(cases, "enum tag", "tag");
                yield new ValueType.Enum(cases);
            }
            case TypeSyntax.Option(var value) -> new ValueType.Option(reference(value, scope));
            case TypeSyntax.Result(var ok, var error) -> new ValueType.Result(optional(ok, scope), optional(error, scope));
            case TypeSyntax.Own(int resource) -> new ValueType.Own(scope.resource(resource));
            case TypeSyntax.Borrow(int resource) -> new ValueType.Borrow(scope.resource(resource));
            case TypeSyntax.Stream(var element) -> new ValueType.Stream(transferred(element, scope, "stream"));
            case TypeSyntax.Future(var element) -> new ValueType.Future(transferred(element, scope, "future"));
        };
    }

    private static void requireSome(List<?> members, String message) {
        if (members.isEmpty()) {
            throw Rejected.invalid(message);
        }
    }

    private ValueType record(List<TypeSyntax.Field> fields, Scope scope) {
        requireSome(fields, "record type must have at least one field");
        Labels.check(fields.stream().map(TypeSyntax.Field::name).toList(), "record field", "field");
        return new ValueType.Record(fields.stream()
                .map(field -> new ValueType.Record.Field(field.name(), reference(field.type(), scope))).toList());
    }

    private ValueType variant(List<TypeSyntax.Case> cases, Scope scope) {
        requireSome(cases, "variant type must have at least one case");
        Labels.check(cases.stream().map(TypeSyntax.Case::name).toList(), "variant case", "case");
        return new ValueType.Variant(cases.stream()
                .map(c -> new ValueType.Variant.Case(c.name(), optional(c.payload(), scope))).toList());
    }

    private ValueType list(TypeSyntax.Reference element, OptionalInt length, Scope scope) {
        if (length.isPresent() && length.getAsInt() == 0) {
            throw Rejected.invalid("a list of fixed length must have at least one element");
        }
        return new ValueType.ListOf(reference(element, scope), length);
    }

    private static ValueType map(ValueType key, ValueType value) {
        if (!(key instanceof Primitive) || key == Primitive.F32 || key == Primitive.F64) {
            throw Rejected.invalid("invalid map key type " + ValueEquality.word(key));
        }
        return new ValueType.MapOf(key, value);
    }

    private static ValueType flags(List<String> labels) {
        requireSome(labels, "flags must have at least one entry");
        if (labels.size() > 32) {
            throw Rejected.invalid("cannot have more than 32 flags");
        }
        Labels.check(labels, "flag", "flag");
        return new ValueType.Flags(labels);
    }

    private Optional<ValueType> transferred(Optional<TypeSyntax.Reference> element, Scope scope, String what) {
        Optional<ValueType> type = optional(element, scope);
        if (what.equals("stream") && type.equals(Optional.of(Primitive.CHAR))) {
            throw Rejected.invalid("`stream<char>` is not valid at this time");
        }
        if (type.isPresent() && table.facts(type.get()).borrows()) {
            throw Rejected.invalid(what + " element cannot contain a `borrow` type");
        }
        return type;
    }

    private ValueType reference(TypeSyntax.Reference reference, Scope scope) {
        return switch (reference) {
            case TypeSyntax.Reference.Direct(var primitive) -> primitive;
            case TypeSyntax.Reference.Indexed(int index) -> {
                if (!(scope.type(index) instanceof ValueType type)) {
                    throw Rejected.invalid("type index " + index + " is not a defined type");
                }
                yield type;
            }
        };
    }

    private Optional<ValueType> optional(Optional<TypeSyntax.Reference> reference, Scope scope) {
        return reference.map(r -> reference(r, scope));
    }

    private FuncType function(TypeSyntax.Function syntax, Scope scope) {
        Labels.check(syntax.parameters().stream().map(TypeSyntax.Field::name).toList(), "function parameter", "parameter");
        FuncType type = new FuncType(syntax.async(), syntax.parameters().stream()
                .map(p -> new FuncType.Parameter(p.name(), reference(p.type(), scope))).toList(),
                optional(syntax.result(), scope));
        if (type.result().isPresent() && table.facts(type.result().get()).borrows()) {
            throw Rejected.invalid("function result cannot contain a `borrow` type");
        }
        return type;
    }

    private InstanceType instance(List<TypeSyntax.Declaration> declarations, Scope outer) {
        Scope scope = new Scope(Scope.Kind.INSTANCE_TYPE, Optional.of(outer), table);
        declarations.forEach(declaration -> declare(declaration, scope));
        return new InstanceType(scope.definedResources, scope.exports);
    }

    private ComponentType component(List<TypeSyntax.Declaration> declarations, Scope outer) {
        Scope scope = new Scope(Scope.Kind.COMPONENT_TYPE, Optional.of(outer), table);
        declarations.forEach(declaration -> declare(declaration, scope));
        return new ComponentType(scope.importedResources, scope.imports, scope.definedResources, scope.exports);
    }

    private void declare(TypeSyntax.Declaration declaration, Scope scope) {
        switch (declaration) {
            case TypeSyntax.Declaration.CoreType(var type) -> coreTypes.define(type, scope);
            case TypeSyntax.Declaration.Type(var type) -> scope.types.add(resolve(type, scope));
            case TypeSyntax.Declaration.Alias(var alias) -> aliases.declare(alias, scope);
            case TypeSyntax.Declaration.Import(var name, var syntax) -> {
                ExternType type = extern(syntax, name.name(), scope, scope.importedResources);
                Externals.declareImport(scope, name, type);
            }
            case TypeSyntax.Declaration.Export(var name, var syntax) -> {
                ExternType type = extern(syntax, name.name(), scope, scope.definedResources);
                Externals.declareExport(scope, name, type);
            }
        }
    }

    /**
     * The type of an import or export.
     *
     * @param made takes the resource types that are new with it
     */
    ExternType extern(ExternSyntax syntax, String name, Scope scope, List<ResourceType> made) {
        return switch (syntax) {
            case ExternSyntax.Module(int type) -> coreTypes.moduleType(scope, type);
            case ExternSyntax.Function(int type) -> new ExternType.Function(scope.functionType(type));
            case ExternSyntax.Component(int type) -> {
                if (!(scope.type(type) instanceof ComponentType component)) {
                    throw Rejected.invalid("type index " + type + " is not a component type");
                }
                yield new ExternType.Component(component);
            }
            case ExternSyntax.Instance(int type) -> {
                if (!(scope.type(type) instanceof InstanceType instance)) {
                    throw Rejected.invalid("type index " + type + " is not an instance type");
                }
                yield new ExternType.Instance(open(instance, made));
            }
            case ExternSyntax.Type(OptionalInt index) -> {
                if (index.isPresent()) {
                    yield new ExternType.Type(renamed(scope.type(index.getAsInt()), name));
                }
                ResourceType resource = ResourceType.fresh(name);
                made.add(resource);
                yield new ExternType.Type(resource);
            }
        };
    }

    /** A particular instance of an instance type: its resource types are new. */
    private InstanceType open(InstanceType type, List<ResourceType> made) {
        Substitution substitution = new Substitution(table);
        made.addAll(substitution.refresh(type.resources()));
        return new InstanceType(List.of(), substitution.apply(type.exports()));
    }

    /** The same type as another object, so that {@link Visibility} can tell the two apart. */
    static TypeDefinition renamed(TypeDefinition type, String name) {
        return switch (type) {
            case ResourceType resource -> resource.alias(name);
            case ValueType.Record(var fields) -> new ValueType.Record(fields);
            case ValueType.Variant(var cases) -> new ValueType.Variant(cases);
            case ValueType.Enum(var cases) -> new ValueType.Enum(cases);
            case ValueType.Flags(var labels) -> new ValueType.Flags(labels);
            default -> type;
        };
    }
}
