package org.ashlar.component.binary;

import java.util.List;

/** A definition of a component's core type section; type indices are those of the scope it stands in. */
public sealed interface CoreTypeSyntax {
    /** A recursive group of types; most have one member. */
    record Group(List<CoreType> types) implements CoreTypeSyntax { }

    record Module(List<Declaration> declarations) implements CoreTypeSyntax { }

    /** What a module type is made of. */
    sealed interface Declaration {
        record Import(String module, String name, CoreExtern type) implements Declaration { }

        record Type(CoreTypeSyntax type) implements Declaration { }

        record AliasOuter(int count, int index) implements Declaration { }

        record Export(String name, CoreExtern type) implements Declaration { }
    }
}
