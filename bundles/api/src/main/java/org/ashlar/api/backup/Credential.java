package org.ashlar.api.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What lets a node in at a target: a password, a key and its secret. It is kept apart from the configuration of the target, in a file
 * that its owner alone may read and that is in no snapshot. In a file each value is a line, in the order of
 * {@link BackupTargetKind#credential}.
 *
 * @param values in that order, at most {@link #MAX_VALUES}; without line breaks
 */
public record Credential(List<String> values) {
    /** Nothing is needed. */
    public static final Credential NONE = new Credential(List.of());
    /** Most values. */
    public static final int MAX_VALUES = 16;
    /** Longest file of a credential, in bytes. */
    public static final int MAX_BYTES = 16 << 10;

    private static final Set<PosixFilePermission> OWNER = EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE);

    /**
     * A value that is needed.
     *
     * @param question asks a person for it, as {@code Password of alice at nas.example}
     * @param secret   whether it is not to be shown while it is typed
     */
    public record Part(String question, boolean secret) { }

    /** @throws IllegalArgumentException when there are too many values, or one has a line break */
    public Credential {
        values = List.copyOf(values);
        if (values.size() > MAX_VALUES || values.stream().anyMatch(value -> value.contains("\n") || value.contains("\r"))) {
            throw new IllegalArgumentException("a credential has at most " + MAX_VALUES + " values, without line breaks");
        }
    }

    /** Where a node keeps the credential of a target. @param target its {@link BackupTarget#NAME} */
    public static Path file(Path home, String target) {
        return home.resolve("backup").resolve("credentials").resolve(target);
    }

    /** The one that a node keeps for a target. @throws RefusedException when there is none, with a line that says how to give it */
    public static Credential kept(Path home, String target) throws IOException {
        Path file = file(home, target);
        if (!Files.exists(file)) {
            throw new RefusedException("the credential of the target " + target + " is not here; give it with: ashlar backup credential "
                    + target);
        }
        return read(file);
    }

    /** Reads a file with a line for each value. @throws RefusedException when others than its owner may use it, or it is no such file */
    public static Credential read(Path file) throws IOException {
        if (Files.getFileStore(file).supportsFileAttributeView("posix") && !OWNER.containsAll(Files.getPosixFilePermissions(file))) {
            throw new RefusedException(file + " may be read by others than its owner; it holds a secret: chmod 600 " + file);
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new RefusedException(file + " is too long for a credential: at most " + MAX_BYTES + " bytes, a line for each value");
        }
        try {
            return new Credential(Arrays.asList(Files.readString(file).replaceAll("\\R\\z", "").split("\\R", -1)));
        } catch (IllegalArgumentException | java.nio.charset.CharacterCodingException e) {
            throw new RefusedException(file + " is no credential: at most " + MAX_VALUES + " lines of UTF-8, one for each value", e);
        }
    }

    /** As {@link #read} reads it. */
    public String lines() {
        return String.join("\n", values) + "\n";
    }

    /** Shows no value. */
    @Override
    public String toString() {
        return "Credential of " + values.size() + " values";
    }
}
