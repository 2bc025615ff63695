package org.ashlar.launcher;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class DownTest {
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aProcessThatNobodyAsksHowItEndedHasEnded() throws Exception {
        Process careless = new ProcessBuilder("bash", "-c", "sleep 0 & echo $!; exec sleep 60").start();
        try (var out = careless.inputReader()) {
            long pid = Long.parseLong(out.readLine());
            while (!Down.isZombie(pid)) {
                Thread.sleep(10);
            }
            assertTrue(ProcessHandle.of(pid).isPresent(), "the system still has it");
            assertFalse(Down.isZombie(careless.pid()));
        } finally {
            careless.destroyForcibly();
        }
    }
}
