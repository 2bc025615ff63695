package org.ashlar.component;

import java.util.Arrays;

/**
 * The name of an interface, apart from its version.
 *
 * @param name    without the version
 * @param numbers major, minor, patch, as far as they are given; empty without a version. Pre-release and build are left out
 */
record InterfaceVersion(String name, int[] numbers) implements Comparable<InterfaceVersion> {
    static InterfaceVersion of(String text) {
        int at = text.indexOf('@');
        if (at < 0) {
            return new InterfaceVersion(text, new int[0]);
        }
        String release = text.substring(at + 1).split("[-+]", 2)[0];
        int[] numbers = Arrays.stream(release.split("\\.")).mapToInt(InterfaceVersion::number).toArray();
        return new InterfaceVersion(text.substring(0, at), numbers);
    }

    /** A number that is none, or too large, is equal to no sensible one. */
    private static int number(String text) {
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : Integer.MAX_VALUE;
    }

    /**
     * Whether both belong to one line of compatible versions: the first number that is not zero decides
     * ({@code Explainer.md}, "Canonical Interface Name").
     */
    boolean satisfies(InterfaceVersion wanted) {
        if (!name.equals(wanted.name) || numbers.length == 0 || wanted.numbers.length == 0) {
            return false;
        }
        for (int i = 0; i < 3; i++) {
            if (at(i) != wanted.at(i)) {
                return false;
            }
            if (at(i) != 0) {
                return true;
            }
        }
        return true;
    }

    private int at(int index) {
        return index < numbers.length ? numbers[index] : 0;
    }

    @Override
    public int compareTo(InterfaceVersion other) {
        return Arrays.compare(numbers, other.numbers);
    }
}
