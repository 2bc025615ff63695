package org.ashlar.vfs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.PackageId;

/**
 * A path as processes give it, {@code /package:publisher/drive/file…}, taken apart and checked (reference-modules 3.1):
 * {@code .} and {@code ..} are resolved in the text and must not lead out of the drive.
 *
 * @param owner whose drive it is
 * @param drive the drive's name
 * @param below the names below the drive; none: the drive itself
 */
record DrivePath(PackageId owner, String drive, List<String> below) {
    /** Longest path, in characters. */
    static final int MAX_PATH = 4096;
    /** Longest name of a drive, folder or file, in characters. */
    static final int MAX_NAME = 255;

    DrivePath {
        below = List.copyOf(below);
    }

    /** @throws IOException that quotes the path and says what is wrong with it */
    static DrivePath parse(String path) throws IOException {
        if (path.length() > MAX_PATH) {
            throw new IOException("the path has " + path.length() + " characters; at most " + MAX_PATH + " are read");
        }
        List<String> names = resolved(path);
        if (names.size() < 2) {
            throw new IOException(quoted(path) + " names no drive; expected /package:publisher/drive/…");
        }
        try {
            return new DrivePath(PackageId.parse(names.getFirst()), names.get(1), names.subList(2, names.size()));
        } catch (IdentifierException e) {
            throw new IOException(quoted(path) + ": " + e.getMessage(), e);
        }
    }

    private static List<String> resolved(String path) throws IOException {
        String trimmed = path.startsWith("/") || path.startsWith("\\") ? path.substring(1) : path;
        List<String> names = new ArrayList<>();
        for (String name : trimmed.split("/")) {
            if (name.equals("..")) {
                if (names.size() <= 2) {
                    throw new IOException(quoted(path) + " leads out of its drive");
                }
                names.removeLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.add(checkedName(name));
            }
        }
        return names;
    }

    /** Checks the name of a drive, folder or file. */
    static String checkedName(String name) throws IOException {
        boolean fits = !name.isEmpty() && name.length() <= MAX_NAME && !name.equals(".") && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || c < 0x20 || c == 0x7f);
        if (!fits) {
            throw new IOException(quoted(name) + " is no name for a drive or file: at most " + MAX_NAME
                    + " characters, none of them '/', '\\' or a control character");
        }
        return name;
    }

    private static String quoted(String text) {
        return '"' + (text.length() > 200 ? text.substring(0, 200) + "…" : text) + '"';
    }
}
