package org.ashlar.component.validation;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.ashlar.component.binary.Rejected;

/** The rules for labels: kebab case, and unique whatever the case of their letters ({@code Explainer.md}, "Name Uniqueness"). */
final class Labels {
    private Labels() {
    }

    /** Whether it is a {@code label} of the grammar. */
    static boolean isKebab(String text) {
        boolean first = true;
        for (String fragment : text.split("-", -1)) {
            if (!isFragment(fragment, first)) {
                return false;
            }
            first = false;
        }
        return true;
    }

    private static boolean isFragment(String fragment, boolean first) {
        boolean lower = true;
        boolean upper = true;
        for (int i = 0; i < fragment.length(); i++) {
            char c = fragment.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (digit && i == 0 && first) {
                return false;
            }
            lower &= digit || c >= 'a' && c <= 'z';
            upper &= digit || c >= 'A' && c <= 'Z';
        }
        return !fragment.isEmpty() && (lower || upper);
    }

    static void requireKebab(String text) {
        if (!isKebab(text)) {
            throw Rejected.invalid("`" + text + "` is not in kebab case");
        }
    }

    /**
     * Checks the labels of a type.
     *
     * @param what     such as "record field"
     * @param previous such as "field"
     */
    static void check(List<String> labels, String what, String previous) {
        Map<String, String> seen = new HashMap<>();
        for (String label : labels) {
            if (label.isEmpty()) {
                throw Rejected.invalid(what + " name cannot be empty");
            }
            if (!isKebab(label)) {
                throw Rejected.invalid(what + " name `" + label + "` is not in kebab case");
            }
            String before = seen.putIfAbsent(label.toLowerCase(Locale.ROOT), label);
            if (before != null) {
                throw Rejected.invalid(what + " name `" + label + "` conflicts with previous " + previous + " name `"
                        + before + "`");
            }
        }
    }
}
