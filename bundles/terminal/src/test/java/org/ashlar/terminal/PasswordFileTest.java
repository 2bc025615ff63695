package org.ashlar.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ashlar.control.Invocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A password from a file is that file's, or the command says what is wrong with it. */
class PasswordFileTest {
    @TempDir
    Path folder;

    private String read(String file) throws Exception {
        return PasswordFile.read(new Invocation("backup", Map.of(), List.of(), folder.toString(), Invocation.Screen.PLAIN), file);
    }

    @Test
    void aLineBreakAtTheEndIsNoPartOfIt() throws Exception {
        Files.writeString(folder.resolve("password"), " a \u00fc b \r\n");
        assertEquals(" a \u00fc b ", read("password"));
    }

    @Test
    void whatIsNoSuchFileIsSaid() throws Exception {
        Files.write(folder.resolve("latin"), new byte[] {'a', (byte) 0xfc});
        Files.write(folder.resolve("long"), new byte[5000]);
        for (Map.Entry<String, String> wrong : Map.of("latin", "no text in UTF-8", "long", "too long", "missing", "is not there", ".", "is no file",
                "/dev/zero", "is no file", "/dev/fd/0", "is no file").entrySet()) {
            CommandException refused = assertThrows(CommandException.class, () -> read(wrong.getKey()), wrong.getKey());
            assertTrue(refused.getMessage().contains(wrong.getValue()), refused.getMessage());
        }
    }
}
