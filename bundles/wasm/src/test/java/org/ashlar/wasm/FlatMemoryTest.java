package org.ashlar.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ashlar.api.wasm.MemoryBudget;
import org.junit.jupiter.api.Test;

/** What the contract of memories cannot see. */
class FlatMemoryTest {
    @Test
    void memoryTakesRoomForWhatWasTouchedOnly() {
        FlatMemory memory = memory(100, 200);
        memory.readLong(3_000_000);
        memory.fill((byte) 0, 0, 5_000_000);
        assertEquals(0, memory.bytes.length);
        memory.writeByte(16_000, (byte) 1);
        assertTrue(memory.bytes.length <= 17_000, "it has " + memory.bytes.length + " bytes");
        assertEquals(-1, memory.grow(1), "and the budget counts what it may come to take");
    }

    @Test
    void memoryThatFillsSlowlyIsNotCopiedForEachStep() {
        FlatMemory memory = memory(100, 65536);
        int arrays = 0;
        for (int address = 0; address < 100 << 16; address += 512) {
            byte[] before = memory.bytes;
            memory.writeInt(address, 1);
            arrays += before == memory.bytes ? 0 : 1;
        }
        assertTrue(arrays < 50, arrays + " arrays");
        assertEquals(100 << 16, memory.bytes.length);
    }

    /** With a budget of 100 pages. */
    private static FlatMemory memory(int pages, int maximum) {
        return new FlatMemory(new LinearMemory(pages, maximum, MemoryBudget.of(100 << 16))) { };
    }
}
