package org.ashlar.api.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A credential comes from a file that its owner alone may read, and shows in no text. */
class CredentialTest {
    @TempDir
    Path folder;

    private Path file(String text, String mode) throws IOException {
        Path file = Files.writeString(folder.resolve("credential"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    @Test
    void eachLineIsAValueAsItStands() throws IOException {
        Credential credential = new Credential(List.of("AKIA", "", " p=ss wörd "));
        assertEquals(credential, Credential.read(file(credential.lines(), "rw-------")));
        assertEquals(List.of("one"), Credential.read(file("one", "r--------")).values());
        assertEquals(List.of("one", "two"), Credential.read(file("one\r\ntwo\r\n", "rw-------")).values());
    }

    @Test
    void aFileThatOthersMayReadIsRefusedWithWhatToDo() throws IOException {
        for (String mode : List.of("rw-r-----", "rw----r--", "rw--w----")) {
            Path file = file("secret\n", mode);
            String why = assertThrows(RefusedException.class, () -> Credential.read(file)).getMessage();
            assertTrue(why.contains("chmod 600 " + file), why);
        }
    }

    @Test
    void whatIsNoCredentialIsRefused() throws IOException {
        Path many = file("x\n".repeat(Credential.MAX_VALUES + 1), "rw-------");
        assertThrows(RefusedException.class, () -> Credential.read(many));
        Path longer = file("x".repeat(Credential.MAX_BYTES + 1), "rw-------");
        assertThrows(RefusedException.class, () -> Credential.read(longer));
        Path binary = Files.write(file("", "rw-------"), new byte[] {(byte) 0xff});
        assertThrows(RefusedException.class, () -> Credential.read(binary));
        assertThrows(IllegalArgumentException.class, () -> new Credential(List.of("a\nb")));
    }

    @Test
    void oneThatIsNotKeptIsAskedForByNameOfItsTarget() {
        String why = assertThrows(RefusedException.class, () -> Credential.kept(folder, "nas")).getMessage();
        assertTrue(why.contains("ashlar backup credential nas"), why);
    }

    @Test
    void noTextShowsAValue() {
        assertFalse(new Credential(List.of("secret")).toString().contains("secret"));
    }
}
