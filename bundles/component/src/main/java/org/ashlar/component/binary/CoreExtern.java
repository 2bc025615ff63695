package org.ashlar.component.binary;

import java.util.OptionalLong;
import java.util.function.IntUnaryOperator;

/** The type of something that a core module imports or exports. */
public sealed interface CoreExtern {
    /** @param type index of a function type */
    record Function(int type) implements CoreExtern { }

    record Table(CoreValueType element, Bounds bounds) implements CoreExtern { }

    record Memory(Bounds bounds, boolean shared, int pageBits) implements CoreExtern { }

    record Global(CoreValueType type, boolean mutable) implements CoreExtern { }

    /** @param type index of a function type */
    record Tag(int type) implements CoreExtern { }

    /** Limits of a table or memory, in elements or pages. */
    record Bounds(boolean wide, long minimum, OptionalLong maximum) {
        /** Whether something with these bounds may stand for something with {@code other}. */
        public boolean fits(Bounds other) {
            return wide == other.wide && Long.compareUnsigned(minimum, other.minimum) >= 0
                    && (other.maximum.isEmpty() || maximum.isPresent()
                            && Long.compareUnsigned(maximum.getAsLong(), other.maximum.getAsLong()) <= 0);
        }
    }

    default Sort sort() {
        return switch (this) {
            case Function _ -> Sort.CORE_FUNCTION;
            case Table _ -> Sort.CORE_TABLE;
            case Memory _ -> Sort.CORE_MEMORY;
            case Global _ -> Sort.CORE_GLOBAL;
            case Tag _ -> Sort.CORE_TAG;
        };
    }

    /** The word that the text format has for it. */
    default String word() {
        return this instanceof Function ? "func" : sort().toString();
    }

    /** The same with every type index replaced. */
    default CoreExtern mapped(IntUnaryOperator indices) {
        return switch (this) {
            case Function(int type) -> new Function(indices.applyAsInt(type));
            case Table(var element, var bounds) -> new Table(element.mapped(indices), bounds);
            case Memory memory -> memory;
            case Global(var type, boolean mutable) -> new Global(type.mapped(indices), mutable);
            case Tag(int type) -> new Tag(indices.applyAsInt(type));
        };
    }
}
