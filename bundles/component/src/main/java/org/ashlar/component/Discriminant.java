package org.ashlar.component;

/** The number of a case, in as few bytes as all cases need. */
final class Discriminant {
    final int size;
    private final int cases;

    Discriminant(int cases) {
        this.cases = cases;
        this.size = cases <= 1 << 8 ? 1 : cases <= 1 << 16 ? 2 : 4;
    }

    int check(int value) {
        if (Integer.compareUnsigned(value, cases) >= 0) {
            throw new ComponentTrap("invalid variant discriminant");
        }
        return value;
    }

    int load(Abi abi, int address) {
        return check(switch (size) {
            case 1 -> abi.memory.readByte(address) & 0xff;
            case 2 -> abi.memory.readShort(address) & 0xffff;
            default -> abi.memory.readInt(address);
        });
    }

    void store(Abi abi, int address, int value) {
        switch (size) {
            case 1 -> abi.memory.writeByte(address, (byte) value);
            case 2 -> abi.memory.writeShort(address, (short) value);
            default -> abi.memory.writeInt(address, value);
        }
    }
}
