package org.ashlar.component.binary;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import org.ashlar.component.type.ValueType.Primitive;

/** A type definition, with its references still indices. */
public sealed interface TypeSyntax {
    /** A type of values. */
    sealed interface Defined extends TypeSyntax { }

    record PrimitiveType(Primitive primitive) implements Defined { }

    record Record(List<Field> fields) implements Defined { }

    record Variant(List<Case> cases) implements Defined { }

    record ListOf(Reference element, OptionalInt length) implements Defined { }

    record MapOf(Reference key, Reference value) implements Defined { }

    record Tuple(List<Reference> elements) implements Defined { }

    record Flags(List<String> labels) implements Defined { }

    record Enum(List<String> cases) implements Defined { }

    record Option(Reference value) implements Defined { }

    record Result(Optional<Reference> ok, Optional<Reference> error) implements Defined { }

    record Own(int resource) implements Defined { }

    record Borrow(int resource) implements Defined { }

    record Stream(Optional<Reference> element) implements Defined { }

    record Future(Optional<Reference> element) implements Defined { }

    record Function(boolean async, List<Field> parameters, Optional<Reference> result) implements TypeSyntax { }

    record Resource(OptionalInt destructor) implements TypeSyntax { }

    record Component(List<Declaration> declarations) implements TypeSyntax { }

    record Instance(List<Declaration> declarations) implements TypeSyntax { }

    record Field(String name, Reference type) { }

    record Case(String name, Optional<Reference> payload) { }

    /** A value type: a primitive one, or by index. */
    sealed interface Reference {
        record Direct(Primitive primitive) implements Reference { }

        record Indexed(int index) implements Reference { }
    }

    /** What a component type or an instance type is made of. */
    sealed interface Declaration {
        record CoreType(CoreTypeSyntax type) implements Declaration { }

        record Type(TypeSyntax type) implements Declaration { }

        /** One of the three alias definitions. */
        record Alias(Definition alias) implements Declaration { }

        record Import(Definition.ExternName name, Definition.ExternSyntax type) implements Declaration { }

        record Export(Definition.ExternName name, Definition.ExternSyntax type) implements Declaration { }
    }
}
