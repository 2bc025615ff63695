package org.ashlar.vfs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.PackageId;

/**
 * A path as processes give it, {@code /package:publisher/drive/file…}, taken apart and checked (reference-modules 3.1):
 * {@code .} and {@code ..} are resolved in the text. So a path is checked where it leads, not where it begins.
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
        return parse(path, 0);
    }

    /** As {@link #parse}, for who checks only where a path begins: {@code ..} must not lead out of its drive. */
    static DrivePath parseWithinDrive(String path) throws IOException {
        return parse(path, 2);
    }

    private static DrivePath parse(String path, int floor) throws IOException {
        List<String> names = names(path, floor);
        if (names.size() < 2) {
            throw new IOException(quoted(path) + " names no drive; expected /package:publisher/drive/…");
        }
        try {
            return new DrivePath(PackageId.parse(names.getFirst()), names.get(1), names.subList(2, names.size()));
        } catch (IdentifierException e) {
            throw new IOException(quoted(path) + ": " + e.getMessage(), e);
        }
    }

    /** The names of a path, which may be that of no drive. */
    static List<String> names(String path) throws IOException {
        return names(path, 0);
    }

    /** @param floor how many names {@code ..} cannot take away */
    private static List<String> names(String path, int floor) throws IOException {
        if (path.length() > MAX_PATH) {
            throw new IOException("the path has " + path.length() + " characters; at most " + MAX_PATH + " are read");
        }
        String trimmed = path.startsWith("/") || path.startsWith("\\") ? path.substring(1) : path;
        List<String> names = new ArrayList<>();
        for (String name : trimmed.split("/")) {
            if (name.equals("..")) {
                if (names.size() <= floor) {
                    throw new IOException(quoted(path) + " leads out of " + (floor > 0 ? "its drive" : "the drives"));
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
                && areForNames(name);
        if (!fits) {
            throw new IOException(quoted(name) + " is no name for a drive or file: at most " + MAX_NAME
                    + " characters, none of them '/', '\\' or a control character");
        }
        return name;
    }

    /** Whether all of its characters may be in one; a loop, because it is asked for each piece that is read or written. */
    private static boolean areForNames(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '/' || c == '\\' || c < 0x20 || c == 0x7f) {
                return false;
            }
        }
        return true;
    }

    /** The drive itself. */
    DrivePath root() {
        return below.isEmpty() ? this : new DrivePath(owner, drive, List.of());
    }

    boolean isDrive() {
        return below.isEmpty();
    }

    /** The folder it lies in. Not of a drive. */
    DrivePath parent() {
        return new DrivePath(owner, drive, below.subList(0, below.size() - 1));
    }

    /** The last name. */
    String name() {
        return below.isEmpty() ? drive : below.getLast();
    }

    DrivePath child(String name) {
        return descendant(List.of(name));
    }

    DrivePath descendant(List<String> further) {
        List<String> names = new ArrayList<>(below);
        names.addAll(further);
        return new DrivePath(owner, drive, names);
    }

    /** The names that lead to it from {@code above}, which it lies below or is. */
    List<String> from(DrivePath above) {
        return below.subList(above.below.size(), below.size());
    }

    /** The names that lead to it from the folder of all drives. */
    List<String> all() {
        List<String> names = new ArrayList<>(List.of(owner.toString(), drive));
        names.addAll(below);
        return names;
    }

    /** Whether this is {@code other} or lies below it. */
    boolean startsWith(DrivePath other) {
        return owner.equals(other.owner) && drive.equals(other.drive) && below.size() >= other.below.size()
                && below.subList(0, other.below.size()).equals(other.below);
    }

    /** {@code package:publisher/drive/file…}, as listings have it (reference-modules 3.2). */
    String relative() {
        return String.join("/", all());
    }

    /** {@code /package:publisher/drive/file…}. */
    @Override
    public String toString() {
        return '/' + relative();
    }

    private static String quoted(String text) {
        return '"' + (text.length() > 200 ? text.substring(0, 200) + "…" : text) + '"';
    }
}
