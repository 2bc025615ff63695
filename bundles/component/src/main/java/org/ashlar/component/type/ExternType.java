package org.ashlar.component.type;

import java.util.Map;

/** The type of something that is imported or exported. */
public sealed interface ExternType {
    /** A function. */
    record Function(FuncType type) implements ExternType { }

    /** An instance; an interface is imported and exported as one. */
    record Instance(InstanceType type) implements ExternType {
        /** What the instance exports, by name, in order. */
        public Map<String, ExternType> exports() {
            return type.exports();
        }
    }

    /** A component. */
    record Component(ComponentType type) implements ExternType { }

    /** A core module. */
    non-sealed interface CoreModule extends ExternType { }

    /** A type, given a name: mostly of values, or of a resource. */
    record Type(TypeDefinition type) implements ExternType { }
}
