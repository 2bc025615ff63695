package org.ashlar.vfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.file.Path;
import java.util.List;
import org.ashlar.api.message.PackageId;
import org.junit.jupiter.api.Test;

class VolumesTest {
    private final Volumes volumes = new Volumes(drive -> new Volume(Path.of("/none"), drive.toString(), Usage.NONE, new Trees()));

    private static DrivePath drive(int number) {
        return new DrivePath(PackageId.parse("chat:alice.os"), "drive-" + number, List.of());
    }

    @Test
    void drivesThatAreOnlyAskedForAreForgottenAndThoseInUseStayTheSame() {
        Volume used = volumes.of(drive(0));
        for (int i = 1; i < 3 * Volumes.REMEMBERED; i++) {
            volumes.of(drive(i));
        }
        assertEquals(Volumes.REMEMBERED, volumes.remembered());
        assertSame(used, volumes.of(drive(0)));
    }
}
