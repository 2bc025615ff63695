package org.ashlar.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.ashlar.vfs.VfsRig.DRIVE;
import static org.ashlar.vfs.VfsRig.OK;
import static org.ashlar.vfs.VfsRig.OWN;
import static org.ashlar.vfs.VfsRig.error;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.ashlar.codec.VfsAction;
import org.ashlar.codec.VfsResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A zip appears in a drive whole, or not at all. */
class ZipUnpackingTest {
    private static final Usage QUOTA = new Usage(1000, 10);

    @TempDir
    Path home;
    private VfsRig vfs;

    @BeforeEach
    void open() throws Exception {
        vfs = new VfsRig(home, QUOTA);
    }

    @AfterEach
    void close() {
        vfs.close();
    }

    @Test
    void aZipIsUnpackedWithItsFolders() throws Exception {
        vfs.ask(DRIVE + "/to/deep/b", new VfsAction.CreateDirAll());
        vfs.ask(DRIVE + "/to/a", new VfsAction.Write(), "old");
        assertEquals(OK, vfs.ask(OWN, DRIVE + "/to", new VfsAction.AddZip(),
                Optional.of(zip("a", "new", "deep/c/d", "content", "empty/", ""))).body());
        assertEquals("new", vfs.read(DRIVE + "/to/a", new VfsAction.Read()));
        assertEquals("content", vfs.read(DRIVE + "/to/deep/c/d", new VfsAction.Read()));
        assertTrue(Files.isDirectory(vfs.host(DRIVE + "/to/empty")));
        assertEquals(Usage.measure(vfs.host(DRIVE)), new Usage(vfs.usage().bytes(), vfs.usage().entries()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../../x", "/x", "a//x", "a/./x", "a\\..\\x", "a\u0000b"})
    void aZipThatLeadsOutChangesNothing(String name) throws Exception {
        VfsResponse answer = vfs.ask(OWN, DRIVE, new VfsAction.AddZip(), Optional.of(zip("good", "good", name, "bad"))).body();
        assertEquals(DRIVE, assertInstanceOf(VfsResponse.ParseError.class, answer).path());
        assertNothingUnpacked();
    }

    @Test
    void aZipThatIsNoneOrDoesNotFitChangesNothing() throws Exception {
        byte[] zip = zip("a", "a".repeat(400), "b", "b".repeat(700));
        assertTrue(error(vfs.ask(OWN, DRIVE, new VfsAction.AddZip(), Optional.of(zip)).body()).contains("quota"));
        for (byte[] bad : List.of(new byte[0], "no zip".getBytes(UTF_8), Arrays.copyOf(zip("a", "x"), 40),
                zip("a", "x", "a/b", "y"))) {
            assertInstanceOf(VfsResponse.ParseError.class, vfs.ask(OWN, DRIVE, new VfsAction.AddZip(), Optional.of(bad)).body());
        }
        assertNothingUnpacked();
    }

    private void assertNothingUnpacked() throws IOException {
        assertEquals(Usage.NONE, Usage.measure(vfs.host(DRIVE)));
        assertEquals(Usage.NONE, Usage.measure(vfs.host("/.staging")));
        assertEquals(0, vfs.usage().bytes());
        assertEquals(0, vfs.usage().entries());
    }

    private static byte[] zip(String... namesAndContents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                zip.putNextEntry(new ZipEntry(namesAndContents[i]));
                zip.write(namesAndContents[i + 1].getBytes(UTF_8));
            }
        }
        return bytes.toByteArray();
    }
}
