package org.ashlar.component;

/** Values whose content lies elsewhere in memory: an address and a length. */
abstract class PointerCodec extends Codec {
    PointerCodec() {
        super(8, 4, 2);
    }

    abstract Object loadContent(Abi abi, Call call, int address, int length);

    /** Puts the content into the guest's memory; the address in the low half, the length in the high half. */
    abstract long storeContent(Abi abi, Call call, Object value);

    static long pair(int address, int length) {
        return unsigned(address) | (long) length << 32;
    }

    @Override
    final Object load(Abi abi, Call call, int address) {
        return loadContent(abi, call, abi.memory.readInt(address), abi.memory.readInt(address + 4));
    }

    @Override
    final void store(Abi abi, Call call, Object value, int address) {
        long pair = storeContent(abi, call, value);
        abi.memory.writeInt(address, (int) pair);
        abi.memory.writeInt(address + 4, (int) (pair >>> 32));
    }

    @Override
    final Object lift(Abi abi, Call call, long[] flat, int at) {
        return loadContent(abi, call, (int) flat[at], (int) flat[at + 1]);
    }

    @Override
    final void lower(Abi abi, Call call, Object value, long[] flat, int at) {
        long pair = storeContent(abi, call, value);
        flat[at] = unsigned((int) pair);
        flat[at + 1] = pair >>> 32;
    }
}
