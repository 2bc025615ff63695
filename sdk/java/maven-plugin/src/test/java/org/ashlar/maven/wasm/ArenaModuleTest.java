package org.ashlar.maven.wasm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.TrapException;
import com.dylibso.chicory.wasm.Parser;
import org.junit.jupiter.api.Test;

class ArenaModuleTest {

    private final Instance arena = Instance.builder(Parser.parse(ArenaModule.bytes())).build();

    @Test
    void blocksFollowEachOtherAtMultiplesOfEight() {
        assertEquals(ArenaModule.FIRST_BLOCK, call("allocate", 1, 1));
        assertEquals(ArenaModule.FIRST_BLOCK + 8, call("allocate", 9, 4));
        assertEquals(ArenaModule.FIRST_BLOCK + 24, call("allocate", 0, 1));
        assertEquals(ArenaModule.FIRST_BLOCK + 24, call("allocate", 8, 8));
        assertEquals(0, call("allocate", 1, 64) % 64);
    }

    @Test
    void aBeginningGivesAllBlocksBack() {
        call("allocate", 100, 1);

        assertEquals(ArenaModule.FIRST_BLOCK, call("begin", 10));
        assertEquals(ArenaModule.FIRST_BLOCK + 16, call("allocate", 1, 1));
    }

    @Test
    void theMemoryGrowsByAsManyPagesAsABlockNeeds() {
        call("allocate", 65536 - ArenaModule.FIRST_BLOCK, 1);
        assertEquals(1, arena.memory().pages());

        call("allocate", 1, 1);
        assertEquals(2, arena.memory().pages());

        int block = call("allocate", 1_000_000, 1);
        assertEquals(17, arena.memory().pages());
        arena.memory().writeByte(block + 999_999, (byte) 7);
    }

    @Test
    void aBlockThatIsReallocatedKeepsItsBytes() {
        int block = call(ArenaModule.REALLOC, 0, 0, 1, 4);
        arena.memory().write(block, new byte[] {1, 2, 3, 4});

        int larger = call(ArenaModule.REALLOC, block, 4, 1, 100);
        int smaller = call(ArenaModule.REALLOC, block, 4, 1, 2);

        assertArrayEquals(new byte[] {1, 2, 3, 4, 0}, arena.memory().readBytes(larger, 5));
        assertArrayEquals(new byte[] {1, 2, 0}, arena.memory().readBytes(smaller, 3));
    }

    @Test
    void whatCannotBeAllocatedTraps() {
        assertThrows(TrapException.class, () -> call("allocate", -1, 1));
        assertThrows(TrapException.class, () -> call("allocate", Integer.MAX_VALUE, 1));
        assertThrows(TrapException.class, () -> call("allocate", ArenaModule.MAXIMUM_PAGES * 65536, 1));
    }

    private int call(String function, long... arguments) {
        return (int) arena.export(function).apply(arguments)[0];
    }
}
