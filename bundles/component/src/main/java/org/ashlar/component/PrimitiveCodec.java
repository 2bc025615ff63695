package org.ashlar.component;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.ashlar.component.type.ValueType.Primitive;

/** Values that are one core value. In memory and as core values they differ in width only. */
abstract class PrimitiveCodec extends Codec {
    private static final Map<Primitive, Codec> ALL = EnumSet.complementOf(EnumSet.of(Primitive.STRING)).stream()
            .collect(Collectors.toMap(Function.identity(), PrimitiveCodec::make, (one, other) -> one,
                    () -> new EnumMap<>(Primitive.class)));

    private PrimitiveCodec(int size) {
        super(size, size, 1);
    }

    /** From the bits of a core value. */
    abstract Object decode(long bits);

    /** To the bits of a core value; 32-bit ones zero-extended. */
    abstract long encode(Object value);

    @Override
    Object lift(Abi abi, Call call, long[] flat, int at) {
        return decode(flat[at]);
    }

    @Override
    void lower(Abi abi, Call call, Object value, long[] flat, int at) {
        flat[at] = encode(value);
    }

    @Override
    Object load(Abi abi, Call call, int address) {
        return decode(switch (size) {
            case 1 -> abi.memory.readByte(address);
            case 2 -> abi.memory.readShort(address);
            case 4 -> abi.memory.readInt(address);
            default -> abi.memory.readLong(address);
        });
    }

    @Override
    void store(Abi abi, Call call, Object value, int address) {
        long bits = encode(value);
        switch (size) {
            case 1 -> abi.memory.writeByte(address, (byte) bits);
            case 2 -> abi.memory.writeShort(address, (short) bits);
            case 4 -> abi.memory.writeInt(address, (int) bits);
            default -> abi.memory.writeLong(address, bits);
        }
    }

    /** An integer of at most 32 bits. */
    static final class Int extends PrimitiveCodec {
        private final int bits;
        private final boolean signed;

        Int(int bits, boolean signed) {
            super(bits / 8);
            this.bits = bits;
            this.signed = signed;
        }

        @Override
        Object decode(long value) {
            long mask = -1L >>> 64 - bits;
            if (bits == 32) {
                return signed ? (Object) (int) value : (Object) (value & mask);
            }
            return signed ? (int) (value << 64 - bits >> 64 - bits) : (int) (value & mask);
        }

        @Override
        long encode(Object value) {
            long number = integer(value);
            long low = signed ? -1L << bits - 1 : 0;
            long high = signed ? ~low : -1L >>> 64 - bits;
            if (number < low || number > high) {
                throw new IllegalArgumentException(number + " is not within " + low + " … " + high);
            }
            return unsigned((int) number);
        }
    }

    private static long integer(Object value) {
        return switch (value) {
            case Integer number -> number;
            case Long number -> number;
            case Short number -> number;
            case Byte number -> number;
            default -> throw new IllegalArgumentException("an integer is expected, not a " + value.getClass().getName());
        };
    }

    /** @param type any but text */
    static Codec of(Primitive type) {
        return ALL.get(type);
    }

    private static Codec make(Primitive type) {
        return switch (type) {
            case BOOL -> new PrimitiveCodec(1) {
                @Override
                Object decode(long bits) {
                    // As an argument, any bit set is true; in memory, it is one byte.
                    return (int) bits != 0;
                }

                @Override
                long encode(Object value) {
                    return (Boolean) value ? 1 : 0;
                }
            };
            case S8 -> new Int(8, true);
            case U8 -> new Int(8, false);
            case S16 -> new Int(16, true);
            case U16 -> new Int(16, false);
            case S32 -> new Int(32, true);
            case U32 -> new Int(32, false);
            case S64, U64 -> new PrimitiveCodec(8) {
                @Override
                Object decode(long bits) {
                    return bits;
                }

                @Override
                long encode(Object value) {
                    return integer(value);
                }
            };
            case F32 -> new PrimitiveCodec(4) {
                @Override
                Object decode(long bits) {
                    float value = Float.intBitsToFloat((int) bits);
                    return Float.isNaN(value) ? Float.NaN : value;
                }

                @Override
                long encode(Object value) {
                    return unsigned(Float.floatToIntBits((Float) value));
                }
            };
            case F64 -> new PrimitiveCodec(8) {
                @Override
                Object decode(long bits) {
                    double value = Double.longBitsToDouble(bits);
                    return Double.isNaN(value) ? Double.NaN : value;
                }

                @Override
                long encode(Object value) {
                    return Double.doubleToLongBits((Double) value);
                }
            };
            case CHAR -> new PrimitiveCodec(4) {
                @Override
                Object decode(long bits) {
                    int codePoint = (int) bits;
                    if (!isScalar(codePoint)) {
                        throw new ComponentTrap("invalid `char` bit pattern");
                    }
                    return codePoint;
                }

                @Override
                long encode(Object value) {
                    int codePoint = (Integer) value;
                    if (!isScalar(codePoint)) {
                        throw new IllegalArgumentException("no Unicode scalar value: " + codePoint);
                    }
                    return codePoint;
                }
            };
            case STRING -> throw new IllegalArgumentException("a string is not one core value");
        };
    }

    private static boolean isScalar(int codePoint) {
        return Character.isValidCodePoint(codePoint) && (codePoint < Character.MIN_SURROGATE
                || codePoint > Character.MAX_SURROGATE);
    }
}
