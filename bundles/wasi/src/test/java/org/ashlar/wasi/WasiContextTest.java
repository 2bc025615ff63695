package org.ashlar.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;

import org.ashlar.api.process.GuestTrap;
import org.junit.jupiter.api.Test;

/** What a context gives and what it refuses. */
class WasiContextTest {
    @Test
    void a_guest_sees_nothing_that_it_was_not_given() {
        WasiContext wasi = WasiContext.builder().build();
        assertEquals(List.of(), wasi.arguments());
        assertTrue(wasi.environment().isEmpty());
        assertTrue(wasi.preopens().isEmpty());
        assertEquals(0, wasi.stdin().length);
    }

    @Test
    void resources_are_counted_and_a_guest_that_hoards_them_ends() {
        WasiContext wasi = WasiContext.builder().build();
        for (int i = 0; i < Limits.RESOURCES; i++) {
            wasi.grant(Pollable.ready());
        }
        GuestTrap trap = assertThrows(GuestTrap.class, () -> wasi.grant(Pollable.ready()));
        assertTrue(trap.getMessage().contains("4096"), trap.getMessage());
        wasi.dropped(Pollable.ready());
        wasi.grant(Pollable.ready());
        assertEquals(Limits.RESOURCES, wasi.resources());
    }

    @Test
    void preopens_without_threads_for_file_work_are_refused() {
        WasiContext.Builder builder = WasiContext.builder().preopen("/x", Drive.of(Path.of("/x"), 1, 1));
        assertThrows(IllegalStateException.class, builder::build);
    }

    @Test
    void an_environment_beyond_all_measure_is_refused() {
        WasiContext.Builder builder = WasiContext.builder().environment("A", "x".repeat(Limits.ENVIRONMENT));
        assertThrows(IllegalArgumentException.class, builder::build);
    }

    @Test
    void an_exit_tells_success_from_failure() {
        assertTrue(new WasiExit(0).success());
        assertFalse(new WasiExit(3).success());
        assertEquals("the guest exited with status 3", new WasiExit(3).getMessage());
    }
}
