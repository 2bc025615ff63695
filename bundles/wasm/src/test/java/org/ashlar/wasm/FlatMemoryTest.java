package org.ashlar.wasm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmTrap;
import org.junit.jupiter.api.Test;

/** What the contract of memories cannot see. */
class FlatMemoryTest {
    private static final VarHandle LITTLE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    @Test
    void memoryTakesRoomForWhatWasTouchedOnly() {
        FlatMemory memory = memory(100, 200);
        memory.readLong(3_000_000);
        memory.fill((byte) 0, 0, 5_000_000);
        assertTrue(memory.bytes.length <= 1_024, "it has " + memory.bytes.length + " bytes");
        memory.writeByte(1 << 20, (byte) 1);
        memory.writeLong((1 << 20) - 8, 1); // as on a stack that ends where the static data begin
        memory.writeLong((1 << 20) - 2_000, 1);
        assertTrue(memory.bytes.length <= 4_096, "it has " + memory.bytes.length + " bytes");
        assertEquals(-1, memory.grow(1), "and the budget counts what it may come to take");
    }

    @Test
    void aNumberFarFromAllElseDoesNotMakeTheArrayReachThere() {
        LinearMemory shared = new LinearMemory(17, 17, MemoryBudget.of(100 << 16));
        FlatMemory memory = new FlatMemory(shared) { };
        FlatMemory view = new FlatMemory(shared) { };
        memory.write(1 << 20, new byte[] {1, 2, 3}, 0, 3);
        memory.writeInt((17 << 16) - 36, 40); // as allocators mark the end of a heap that is empty
        assertTrue(memory.bytes.length <= 1_024, "it has " + memory.bytes.length + " bytes");
        assertEquals(40, view.readInt((17 << 16) - 36));
        assertArrayEquals(new byte[] {0, 40, 0}, view.read((17 << 16) - 37, 3));
        view.writeLong((17 << 16) - 1_028, -1); // beside it, and in front of that
        assertSame(memory.bytes, view.bytes);
        assertEquals(17 << 16, memory.base + memory.bytes.length);
        assertEquals(40, memory.readInt((17 << 16) - 36));
    }

    @Test
    void farNumbersThatAreUsedOftenComeToLieInTheArray() {
        FlatMemory memory = memory(17, 17);
        memory.writeByte(1 << 20, (byte) 1);
        int writes = 0;
        while (memory.bytes.length <= 1_024) {
            memory.writeLong((17 << 16) - 8, ++writes);
            assertTrue(writes < 1_000, "it has " + memory.bytes.length + " bytes");
        }
        assertEquals(writes, memory.readLong((17 << 16) - 8));
    }

    @Test
    void whatIsFarCountsOnceAgainstTheBudget() {
        AtomicLong taken = new AtomicLong();
        FlatMemory memory = new FlatMemory(new LinearMemory(17, 17, counting(taken))) { };
        memory.writeByte(1 << 20, (byte) 1);
        memory.writeByte((17 << 16) - 1, (byte) 1);
        assertEquals(2_048, taken.get());
        memory.fill((byte) 1, 1 << 20, 17 << 16);
        assertEquals(1 << 16, taken.get());
        assertEquals(1 << 16, memory.bytes.length);
    }

    @Test
    void memoryThatFillsSlowlyIsNotCopiedForEachStep() {
        FlatMemory up = memory(100, 65536);
        FlatMemory down = memory(100, 65536);
        int arrays = 0;
        for (int address = 0; address < 100 << 16; address += 512) {
            byte[] before = up.bytes;
            byte[] below = down.bytes;
            up.writeInt(address, 1);
            down.writeInt((100 << 16) - 512 - address, 1);
            arrays += before == up.bytes ? 0 : 1;
            arrays += below == down.bytes ? 0 : 1;
        }
        assertTrue(arrays < 100, arrays + " arrays");
        assertEquals(100 << 16, up.bytes.length);
        assertTrue(down.bytes.length > 99 << 16 && down.base == 0, down.base + " + " + down.bytes.length);
    }

    @Test
    void bytesAreWhereTheyWereWrittenWhateverTheArrayReachesOver() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            FlatMemory memory = memory(1, 1);
            byte[] expected = new byte[1 << 16];
            for (int step = 0; step < 12; step++) {
                int address = random.nextInt(expected.length);
                int length = random.nextInt(Math.min(5_000, expected.length - address) + 1);
                int source = random.nextInt(expected.length - length + 1);
                switch (random.nextInt(7)) {
                    case 0 -> {
                        byte[] bytes = new byte[length];
                        random.nextBytes(bytes);
                        memory.write(address, bytes, 0, length);
                        System.arraycopy(bytes, 0, expected, address, length);
                    }
                    case 1 -> {
                        memory.copy(address, source, length);
                        System.arraycopy(expected, source, expected, address, length);
                    }
                    case 2 -> {
                        byte value = (byte) random.nextInt(2);
                        memory.fill(value, address, address + length);
                        Arrays.fill(expected, address, address + length, value);
                    }
                    case 3, 4, 5 -> {
                        int where = Math.min(address, expected.length - 8);
                        memory.writeLong(where, seed);
                        LITTLE.set(expected, where, (long) seed);
                    }
                    default -> {
                        int where = Math.min(address, expected.length - 8);
                        assertEquals((long) LITTLE.get(expected, where), memory.readLong(where), "seed " + seed);
                        assertArrayEquals(Arrays.copyOfRange(expected, address, address + length),
                                memory.read(address, length), "seed " + seed);
                    }
                }
            }
            assertArrayEquals(expected, memory.read(0, expected.length), "seed " + seed);
        }
    }

    @Test
    void addressesOutsideOfTheMemoryTrapWhereverTheArrayBegins() {
        FlatMemory memory = memory(1, 1);
        memory.writeInt(60_000, 1);
        for (int address : new int[] {-1, -8, Integer.MIN_VALUE, Integer.MIN_VALUE + 60_000, Integer.MAX_VALUE, 65_533}) {
            assertThrows(WasmTrap.class, () -> memory.readInt(address), "read at " + address);
            assertThrows(WasmTrap.class, () -> memory.writeInt(address, 1), "write at " + address);
        }
    }

    @Test
    void memoryWithoutPagesTrapsUntilItHasSome() {
        FlatMemory memory = memory(0, 1);
        for (int address : new int[] {0, 8, 1_024, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThrows(WasmTrap.class, () -> memory.readLong(address), "read at " + address);
            assertThrows(WasmTrap.class, () -> memory.writeByte(address, (byte) 1), "write at " + address);
        }
        assertEquals(0, memory.read(0, 0).length);
        memory.grow(1);
        memory.writeByte(65_535, (byte) 7);
        assertEquals(7, memory.readByte(65_535));
        assertEquals(0, memory.readByte(0));
    }

    private static MemoryBudget counting(AtomicLong taken) {
        return new MemoryBudget() {
            @Override
            public boolean reserve(long bytes) {
                return true;
            }

            @Override
            public boolean take(long bytes) {
                taken.addAndGet(bytes);
                return true;
            }
        };
    }

    /** With a budget of 100 pages. */
    private static FlatMemory memory(int pages, int maximum) {
        return new FlatMemory(new LinearMemory(pages, maximum, MemoryBudget.of(100 << 16))) { };
    }
}
