package org.ashlar.vfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ashlar.codec.VfsAction;
import org.ashlar.codec.VfsResponse;
import org.ashlar.files.Durable;

/** Whatever a process calls a zip: it is unpacked into its drive and nowhere else, within the quota, or changes nothing. */
class ZipFuzzTest {
    private static final Usage QUOTA = new Usage(1 << 20, 200);

    @FuzzTest
    void zip(byte[] input) throws IOException {
        Path home = Files.createTempDirectory("zip-fuzz");
        try {
            unpack(input, home);
        } finally {
            Durable.deleteTree(home);
        }
    }

    private static void unpack(byte[] input, Path home) throws IOException {
        try (VfsRig vfs = new VfsRig(home, QUOTA)) {
            Path drive = vfs.host(VfsRig.DRIVE);
            Set<String> before = outside(home, drive);
            VfsResponse answer = vfs.ask(VfsRig.OWN, VfsRig.DRIVE, new VfsAction.AddZip(), Optional.of(input)).body();
            assertEquals(before, outside(home, drive));
            Usage used = Usage.measure(drive);
            assertTrue(used.bytes() <= QUOTA.bytes() && used.entries() <= QUOTA.entries(), used::toString);
            if (answer.isError()) {
                assertEquals(0, used.bytes(), "a zip that is refused leaves no file");
            }
        }
    }

    /** Everything but what is in the drive. */
    private static Set<String> outside(Path home, Path drive) throws IOException {
        try (Stream<Path> all = Files.walk(home)) {
            return all.filter(path -> !path.startsWith(drive)).map(Path::toString).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
