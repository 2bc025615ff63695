package org.ashlar.component;

import java.util.List;
import java.util.Optional;

/**
 * Variants, options and results: the number of a case, then what the case carries. What {@link CodecGenerator} writes out for
 * most.
 */
abstract class VariantCodec extends Codec {
    private final Codec[] cases;
    private final Discriminant discriminant;
    private final int payloadOffset;

    private VariantCodec(List<Codec> cases, Discriminant discriminant, int payloadAlignment) {
        super(align(align(discriminant.size, payloadAlignment) + cases.stream().mapToInt(c -> c.size).max().orElse(0),
                        Math.max(discriminant.size, payloadAlignment)),
                Math.max(discriminant.size, payloadAlignment),
                1 + cases.stream().mapToInt(c -> c.flatCount).max().orElse(0));
        this.cases = cases.toArray(Codec[]::new);
        this.discriminant = discriminant;
        this.payloadOffset = align(discriminant.size, payloadAlignment);
    }

    private VariantCodec(List<Codec> cases) {
        this(cases, new Discriminant(cases.size()), cases.stream().mapToInt(c -> c.alignment).max().orElse(1));
    }

    abstract Object make(int tag, Object payload);

    abstract int tag(Object value);

    abstract Object payload(Object value);

    @Override
    final Object load(Abi abi, Call call, int address) {
        int tag = loadTag(abi, address);
        return make(tag, cases[tag].load(abi, call, address + payloadOffset));
    }

    @Override
    final void store(Abi abi, Call call, Object value, int address) {
        int tag = storeTag(tag(value), abi, address);
        cases[tag].store(abi, call, payload(value), address + payloadOffset);
    }

    @Override
    final Object lift(Abi abi, Call call, long[] flat, int at) {
        int tag = liftTag(abi, flat, at);
        return make(tag, cases[tag].lift(abi, call, flat, at + 1));
    }

    @Override
    final void lower(Abi abi, Call call, Object value, long[] flat, int at) {
        int tag = lowerTag(tag(value), abi, flat, at);
        cases[tag].lower(abi, call, payload(value), flat, at + 1);
    }

    final int loadTag(Abi abi, int address) {
        return discriminant.load(abi, address);
    }

    final int storeTag(int tag, Abi abi, int address) {
        discriminant.store(abi, address, checked(tag));
        return tag;
    }

    final int liftTag(Abi abi, long[] flat, int at) {
        return discriminant.check((int) flat[at]);
    }

    final int lowerTag(int tag, Abi abi, long[] flat, int at) {
        flat[at] = checked(tag);
        return tag;
    }

    final int caseCount() {
        return cases.length;
    }

    final Codec payloadCodec(int tag) {
        return cases[tag];
    }

    /** From the beginning of the variant in memory, in bytes. */
    final int payloadOffset() {
        return payloadOffset;
    }

    private int checked(int tag) {
        if (tag < 0 || tag >= cases.length) {
            throw new IllegalArgumentException("there is no case " + tag);
        }
        return tag;
    }

    static VariantCodec variant(List<Codec> cases) {
        return new VariantCodec(cases) {
            @Override
            Object make(int tag, Object payload) {
                return new Variant(tag, payload);
            }

            @Override
            int tag(Object value) {
                return ((Variant) value).tag();
            }

            @Override
            Object payload(Object value) {
                return ((Variant) value).payload();
            }
        };
    }

    static VariantCodec option(Codec some) {
        return new VariantCodec(List.of(NoPayload.CODEC, some)) {
            @Override
            Object make(int tag, Object payload) {
                return tag == 0 ? Optional.empty() : Optional.of(payload);
            }

            @Override
            int tag(Object value) {
                return ((Optional<?>) value).isPresent() ? 1 : 0;
            }

            @Override
            Object payload(Object value) {
                Optional<?> option = (Optional<?>) value;
                return option.isPresent() ? option.get() : Unit.VALUE;
            }
        };
    }

    static VariantCodec result(Codec ok, Codec error) {
        return new VariantCodec(List.of(ok, error)) {
            @Override
            Object make(int tag, Object payload) {
                return new Result(tag == 0, payload);
            }

            @Override
            int tag(Object value) {
                return ((Result) value).ok() ? 0 : 1;
            }

            @Override
            Object payload(Object value) {
                return ((Result) value).value();
            }
        };
    }

    /** What a case without payload carries. */
    static final class NoPayload extends Codec {
        static final Codec CODEC = new NoPayload();

        private NoPayload() {
            super(0, 1, 0);
        }

        @Override
        Object load(Abi abi, Call call, int address) {
            return Unit.VALUE;
        }

        @Override
        void store(Abi abi, Call call, Object value, int address) {
            // Nothing to write.
        }

        @Override
        Object lift(Abi abi, Call call, long[] flat, int at) {
            return Unit.VALUE;
        }

        @Override
        void lower(Abi abi, Call call, Object value, long[] flat, int at) {
            // Nothing to pass.
        }
    }
}
