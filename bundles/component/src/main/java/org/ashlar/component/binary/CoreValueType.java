package org.ashlar.component.binary;

import java.util.function.IntUnaryOperator;

/** A value type of core WebAssembly, or a packed one of a field. */
public sealed interface CoreValueType {
    /** Types without parts. The code is that of the binary format. */
    enum Plain implements CoreValueType {
        I32(0x7f), I64(0x7e), F32(0x7d), F64(0x7c), V128(0x7b), I8(0x78), I16(0x77);

        private final int code;

        Plain(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * A reference.
     *
     * @param heap what it refers to: an index of a type when not negative; an abstract heap type as its negative code down to
     *             −64; below that the member {@code OWN_GROUP − heap} of the recursive group that mentions it
     */
    record Reference(boolean nullable, int heap) implements CoreValueType {
        @Override
        public String toString() {
            String name = switch (heap) {
                case FUNC -> "func";
                case EXTERN -> "extern";
                case ANY -> "any";
                case EXN -> "exn";
                default -> heap >= 0 ? String.valueOf(heap) : "0x" + Integer.toHexString(heap & 0x7f);
            };
            return nullable && (heap == FUNC || heap == EXTERN || heap == ANY || heap == EXN)
                    ? name + "ref" : "(ref " + (nullable ? "null " : "") + name + ")";
        }
    }

    int FUNC = -0x10;
    int EXTERN = -0x11;
    int ANY = -0x12;
    int EXN = -0x17;
    int OWN_GROUP = -1000;

    /** The same with its type index, if it has one, replaced. */
    default CoreValueType mapped(IntUnaryOperator indices) {
        return this instanceof Reference(boolean nullable, int heap) && heap >= 0
                ? new Reference(nullable, indices.applyAsInt(heap)) : this;
    }
}
