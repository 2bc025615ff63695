package org.ashlar.component;

/** Enumerations: the number of a case alone. */
final class EnumCodec extends Codec {
    private final Discriminant discriminant;
    private final int cases;

    private EnumCodec(Discriminant discriminant, int cases) {
        super(discriminant.size, discriminant.size, 1);
        this.discriminant = discriminant;
        this.cases = cases;
    }

    static Codec of(int cases) {
        return new EnumCodec(new Discriminant(cases), cases);
    }

    @Override
    Object load(Abi abi, Call call, int address) {
        return discriminant.load(abi, address);
    }

    @Override
    void store(Abi abi, Call call, Object value, int address) {
        discriminant.store(abi, address, checked(value));
    }

    @Override
    Object lift(Abi abi, Call call, long[] flat, int at) {
        return discriminant.check((int) flat[at]);
    }

    @Override
    void lower(Abi abi, Call call, Object value, long[] flat, int at) {
        flat[at] = checked(value);
    }

    private int checked(Object value) {
        int index = (Integer) value;
        if (index < 0 || index >= cases) {
            throw new IllegalArgumentException("there is no case " + index);
        }
        return index;
    }
}
