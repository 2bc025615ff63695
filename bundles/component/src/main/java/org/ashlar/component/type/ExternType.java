package org.ashlar.component.type;

import java.util.Map;

/** The type of something that is imported or exported. */
public sealed interface ExternType {
    /** A function. */
    record Function(FuncType type) implements ExternType { }

    /** An instance, as an interface is imported: its exports by name, in order. */
    record Instance(Map<String, ExternType> exports) implements ExternType { }

    /** A component. */
    record Component(Map<String, ExternType> imports, Map<String, ExternType> exports) implements ExternType { }

    /** A core module. */
    record CoreModule() implements ExternType { }

    /** A type of values, given a name. */
    record Value(ValueType type) implements ExternType { }

    /** A resource type. */
    record Resource(ResourceType type) implements ExternType { }
}
