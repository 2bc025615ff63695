package org.ashlar.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.ashlar.guest.NodeMemory.ProcessMemory;
import org.junit.jupiter.api.Test;

class NodeMemoryTest {
    private final NodeMemory node = new NodeMemory(1000);
    private final AtomicInteger told = new AtomicInteger();

    private ProcessMemory run(long most) {
        return node.forRun(most, told::incrementAndGet);
    }

    @Test
    void oneHasItsOwnLimitAndAllHaveTheirs() {
        ProcessMemory one = run(700);
        ProcessMemory other = run(700);
        assertFalse(one.reserve(701));
        assertTrue(one.reserve(600));
        assertEquals(0, told.get(), "its own limit is its own affair");
        assertFalse(other.reserve(401));
        assertFalse(other.promise(401));
        assertEquals(1, told.get(), "it is told once for each run");
        assertTrue(other.promise(400) && other.take(400));
        assertFalse(other.take(1));
        assertEquals(1000, node.taken());
    }

    @Test
    void whatIsPromisedIsTakenByNobodyUntilItIsWritten() {
        ProcessMemory one = run(900);
        ProcessMemory other = run(900);
        assertTrue(one.promise(900) && other.promise(900));
        assertEquals(0, node.taken());
        assertTrue(one.take(900));
        assertFalse(other.take(101));
        assertTrue(other.take(100));
    }

    @Test
    void aRunThatEndsGivesAllBack() {
        ProcessMemory one = run(1000);
        assertTrue(one.reserve(300) && one.promise(700) && one.take(700));
        assertFalse(run(1000).reserve(1));
        one.close();
        one.close();
        assertEquals(0, node.taken());
        assertTrue(run(1000).reserve(1000));
    }
}
