package org.ashlar.packages;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackageZipTest {

    @Test
    void everyFileComesOnceWithItsContent() throws Exception {
        byte[] zip = new Zips().with("a", "1").with("folder/", "").with("folder/b", "22").with("folder/deep/c", "").bytes();
        assertEquals(List.of("a=1", "folder/b=22", "folder/deep/c="), walk(zip));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/x", "a/../../x", "a//x", "./x", "a\\..\\x", "..", "a/..", "a\u0000b", "a\nb", "a/./b"})
    void aPathThatLeadsElsewhereIsRefused(String path) {
        PackageException refusal = assertThrows(PackageException.class, () -> walk(new Zips().with(path, "x").bytes()));
        assertTrue(refusal.getMessage().startsWith("the zip has the path"), refusal.getMessage());
    }

    @Test
    void longNamesAreRefused() {
        assertThrows(PackageException.class, () -> walk(new Zips().with("n".repeat(256), "x").bytes()));
        assertThrows(PackageException.class, () -> walk(new Zips().with("ü".repeat(128), "x").bytes()));
        assertThrows(PackageException.class, () -> walk(new Zips().with("a/".repeat(600) + "x", "x").bytes()));
    }

    @Test
    void aFileThatComesTwiceIsRefused() throws Exception {
        byte[] zip = new Zips().with("aaa", "1").with("aab", "2").bytes();
        // The writer refuses a second entry of one name, so the name is changed in the bytes.
        byte[] twice = new String(zip, ISO_8859_1).replace("aab", "aaa")
                .getBytes(ISO_8859_1);
        PackageException refusal = assertThrows(PackageException.class, () -> walk(twice));
        assertEquals("the zip has \"aaa\" twice", refusal.getMessage());
    }

    @Test
    void nothingMayLieBelowAFile() {
        assertThrows(PackageException.class, () -> walk(new Zips().with("a", "1").with("a/b", "2").bytes()));
        assertThrows(PackageException.class, () -> walk(new Zips().with("a/b", "2").with("a", "1").bytes()));
    }

    @Test
    void tooManyEntriesAreRefused() {
        Zips zips = new Zips();
        for (int i = 0; i <= PackageZip.MAX_ENTRIES; i++) {
            zips.with(String.valueOf(i), "");
        }
        assertThrows(PackageException.class, () -> walk(zips.bytes()));
    }

    @Test
    void aBombIsRefusedLongBeforeItIsUnpacked() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry("zeros"));
            for (int i = 0; i < 100; i++) {
                out.write(new byte[1 << 20]);
            }
        }
        List<Long> read = new ArrayList<>();
        PackageException refusal = assertThrows(PackageException.class,
                () -> PackageZip.walk(new ByteArrayInputStream(bytes.toByteArray()), (path, content) -> {
                    byte[] buffer = new byte[65_536];
                    long size = 0;
                    for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                        size += n;
                        read.add(size);
                    }
                }));
        assertTrue(refusal.getMessage().contains("200 times its size"), refusal.getMessage());
        assertTrue(read.getLast() < 4 << 20, "stopped after " + read.getLast() + " bytes");
    }

    @Test
    void aBombThatTheReaderDoesNotLookAtIsRefusedToo() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry("zeros"));
            out.write(new byte[32 << 20]);
        }
        assertThrows(PackageException.class,
                () -> PackageZip.walk(new ByteArrayInputStream(bytes.toByteArray()), (path, content) -> { }));
    }

    @Test
    void whatIsNoZipIsRefused() {
        for (byte[] bytes : new byte[][] {{}, "no zip".getBytes(UTF_8), new byte[1000]}) {
            assertThrows(PackageException.class, () -> walk(bytes));
        }
    }

    @Test
    void aZipThatEndsInTheMiddleOfAFileIsRefused() {
        byte[] zip = new Zips().with("file", "some content that is long enough to be cut off").bytes();
        for (int length = 31; length < 60; length++) {
            byte[] part = Arrays.copyOf(zip, length);
            assertThrows(PackageException.class, () -> walk(part), "length " + length);
        }
    }

    private static List<String> walk(byte[] zip) throws Exception {
        List<String> files = new ArrayList<>();
        PackageZip.walk(new ByteArrayInputStream(zip), (String path, InputStream content) ->
                files.add(path + "=" + new String(content.readAllBytes(), UTF_8)));
        return files;
    }
}
