package org.ashlar.component;

/** Sets of at most 32 labels: a bit each. Bits without a label are ignored. */
final class FlagsCodec extends Codec {
    private final long mask;

    private FlagsCodec(int size, long mask) {
        super(size, size, 1);
        this.mask = mask;
    }

    static Codec of(int labels) {
        return new FlagsCodec(labels <= 8 ? 1 : labels <= 16 ? 2 : 4, -1L >>> 64 - labels);
    }

    @Override
    Object load(Abi abi, Call call, int address) {
        return mask & switch (size) {
            case 1 -> abi.memory.readByte(address);
            case 2 -> abi.memory.readShort(address);
            default -> abi.memory.readInt(address);
        };
    }

    @Override
    void store(Abi abi, Call call, Object value, int address) {
        long bits = checked(value);
        switch (size) {
            case 1 -> abi.memory.writeByte(address, (byte) bits);
            case 2 -> abi.memory.writeShort(address, (short) bits);
            default -> abi.memory.writeInt(address, (int) bits);
        }
    }

    @Override
    Object lift(Abi abi, Call call, long[] flat, int at) {
        return flat[at] & mask;
    }

    @Override
    void lower(Abi abi, Call call, Object value, long[] flat, int at) {
        flat[at] = checked(value);
    }

    private long checked(Object value) {
        long bits = ((Number) value).longValue();
        if ((bits & ~mask) != 0) {
            throw new IllegalArgumentException("there are flags without a label: 0x" + Long.toHexString(bits));
        }
        return bits;
    }
}
