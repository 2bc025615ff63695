package org.ashlar.component;

import org.ashlar.component.type.FuncType;

/**
 * How the parameters and the result of a function pass ({@code CanonicalABI.md}, "Lifting and Lowering Values"): as core
 * values as long as there are few, through memory otherwise. Immutable; one for each function of a component and each set of
 * shapes that its values have.
 */
final class Signature {
    private static final int MAX_FLAT_PARAMETERS = 16;
    private static final int MAX_FLAT_RESULTS = 1;
    private static final long[] NO_VALUES = {};
    private static final Object[] NO_ARGUMENTS = {};

    private final FuncType type;
    private final Codec parameters;
    private final Codec result;
    private final boolean parametersInMemory;
    private final boolean resultInMemory;
    private final boolean hasResult;

    Signature(FuncType type, CodecCompiler codecs) {
        this.type = type;
        this.parameters = codecs.parameters(type.parameters().stream().map(FuncType.Parameter::type).toList());
        this.result = type.result().map(codecs::codec).orElse(VariantCodec.NoPayload.CODEC);
        this.hasResult = type.result().isPresent();
        this.parametersInMemory = parameters.flatCount > MAX_FLAT_PARAMETERS;
        this.resultInMemory = result.flatCount > MAX_FLAT_RESULTS;
    }

    /** The arguments of a core function that is called as one of a component. */
    long[] lowerArguments(Abi abi, Call call, Object[] arguments) {
        try {
            if (parametersInMemory) {
                int address = abi.allocate(parameters.alignment, parameters.size, "argument");
                parameters.store(abi, call, arguments, address);
                return new long[] {Codec.unsigned(address)};
            }
            if (parameters.flatCount == 0 && arguments.length == 0) {
                return NO_VALUES;
            }
            long[] flat = new long[parameters.flatCount];
            parameters.lower(abi, call, arguments, flat, 0);
            return flat;
        } catch (ClassCastException | IllegalArgumentException | NullPointerException e) {
            throw mismatch("arguments", e);
        }
    }

    /** The result of such a call. */
    Object liftResult(Abi abi, Call call, long[] flat) {
        if (!hasResult) {
            return Unit.VALUE;
        }
        abi.startLifting();
        if (resultInMemory) {
            int address = (int) flat[0];
            abi.checkArea(address, result.alignment, result.size);
            return result.load(abi, call, address);
        }
        return result.lift(abi, call, flat, 0);
    }

    /** The arguments with which core code calls a function of a component. */
    Object[] liftArguments(Abi abi, Call call, long[] flat) {
        if (type.parameters().isEmpty()) {
            return NO_ARGUMENTS;
        }
        abi.startLifting();
        if (parametersInMemory) {
            int address = (int) flat[0];
            abi.checkArea(address, parameters.alignment, parameters.size);
            return (Object[]) parameters.load(abi, call, address);
        }
        return (Object[]) parameters.lift(abi, call, flat, 0);
    }

    /**
     * What core code gets back from such a call.
     *
     * @param address where a result in memory is to go: the last of the core arguments
     */
    long[] lowerResult(Abi abi, Call call, Object value, int address) {
        if (!hasResult) {
            return NO_VALUES;
        }
        try {
            if (resultInMemory) {
                abi.checkArea(address, result.alignment, result.size);
                result.store(abi, call, value, address);
                return NO_VALUES;
            }
            long[] flat = new long[1];
            result.lower(abi, call, value, flat, 0);
            return flat;
        } catch (ClassCastException | IllegalArgumentException | NullPointerException e) {
            throw mismatch("result", e);
        }
    }

    private ComponentException mismatch(String what, RuntimeException cause) {
        return new ComponentException(ComponentException.Kind.UNLINKABLE,
                "the " + what + " given for " + type + " do not fit: " + cause.getMessage(), cause);
    }
}
