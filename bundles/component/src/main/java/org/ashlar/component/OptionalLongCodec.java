package org.ashlar.component;

import java.util.OptionalLong;

/** Options of 64-bit integers that the host has as {@link OptionalLong}: without a box in between. */
final class OptionalLongCodec extends Codec {
    static final Codec CODEC = new OptionalLongCodec();

    private static final Discriminant DISCRIMINANT = new Discriminant(2);

    private OptionalLongCodec() {
        super(2 * Long.BYTES, Long.BYTES, 2);
    }

    @Override
    Object load(Abi abi, Call call, int address) {
        return DISCRIMINANT.load(abi, address) == 0
                ? OptionalLong.empty() : OptionalLong.of(abi.memory.readLong(address + Long.BYTES));
    }

    @Override
    void store(Abi abi, Call call, Object value, int address) {
        OptionalLong option = (OptionalLong) value;
        DISCRIMINANT.store(abi, address, option.isPresent() ? 1 : 0);
        if (option.isPresent()) {
            abi.memory.writeLong(address + Long.BYTES, option.getAsLong());
        }
    }

    @Override
    Object lift(Abi abi, Call call, long[] flat, int at) {
        return DISCRIMINANT.check((int) flat[at]) == 0 ? OptionalLong.empty() : OptionalLong.of(flat[at + 1]);
    }

    @Override
    void lower(Abi abi, Call call, Object value, long[] flat, int at) {
        OptionalLong option = (OptionalLong) value;
        flat[at] = option.isPresent() ? 1 : 0;
        flat[at + 1] = option.orElse(0);
    }
}
