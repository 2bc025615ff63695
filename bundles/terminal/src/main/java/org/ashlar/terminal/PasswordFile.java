package org.ashlar.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ashlar.control.Invocation;

/** A file of the person's that holds a password and nothing else. */
final class PasswordFile {
    private static final int MAX_BYTES = 4096;

    private PasswordFile() { }

    /** The password, without a line break at its end. @throws CommandException when the file is none that a password can be in */
    static String read(Invocation invocation, String file) throws CommandException, IOException {
        Path path = Path.of(invocation.folder()).resolve(file);
        boolean elsewhere = path.startsWith("/dev") || path.startsWith("/proc"); // there another than where the person is
        if (elsewhere || !Files.isRegularFile(path)) {
            throw CommandException.failed(path + (elsewhere || Files.exists(path) ? " is no file" : " is not there") + "; a password stands in a file of its own,"
                    + " or in ASHLAR_BACKUP_PASSWORD");
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw CommandException.failed(path + " is too long for a password");
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString().replaceAll("\\R\\z", "");
        } catch (CharacterCodingException e) {
            throw CommandException.failed(path + " is no text in UTF-8");
        }
    }
}
