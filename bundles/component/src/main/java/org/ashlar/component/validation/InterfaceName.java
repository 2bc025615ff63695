package org.ashlar.component.validation;

import java.util.regex.Pattern;

import org.ashlar.component.binary.Rejected;

/** The grammar of interface names: {@code namespace:package/interface@version}. */
final class InterfaceName {
    private static final Pattern CANONICAL = Pattern.compile("[1-9][0-9]*|0\\.[1-9][0-9]*|0\\.0\\.[1-9][0-9]*|0\\.0\\.0");

    private final String text;
    private int position;

    private InterfaceName(String text) {
        this.text = text;
    }

    static void check(String text) {
        InterfaceName name = new InterfaceName(text);
        lowerKebab(name.until(":"));
        name.position++;
        lowerKebab(name.until(":/@"));
        if (!name.next('/')) {
            throw Rejected.invalid("expected `/` after package name");
        }
        Labels.requireKebab(name.until("/@"));
        if (name.next('@')) {
            checkVersion(text.substring(name.position));
        } else if (name.position < text.length()) {
            throw Rejected.invalid("trailing characters found: `" + text.substring(name.position) + "`");
        }
    }

    private static void lowerKebab(String part) {
        Labels.requireKebab(part);
        if (part.chars().anyMatch(c -> c >= 'A' && c <= 'Z')) {
            throw Rejected.invalid("`" + part + "` is not in lower case");
        }
    }

    private String until(String delimiters) {
        int start = position;
        while (position < text.length() && delimiters.indexOf(text.charAt(position)) < 0) {
            position++;
        }
        return text.substring(start, position);
    }

    private boolean next(char expected) {
        if (position < text.length() && text.charAt(position) == expected) {
            position++;
            return true;
        }
        return false;
    }

    private static void checkVersion(String version) {
        if (!CANONICAL.matcher(version).matches()) {
            new VersionParser(version).parse();
        }
    }

    /** The part of a version that was cut off its canonical form must complete it to a version. */
    static void checkSuffix(String name, String suffix) {
        int at = name.indexOf('@');
        String version = at < 0 ? "" : name.substring(at + 1);
        if (!CANONICAL.matcher(version).matches()) {
            throw Rejected.invalid("`versionsuffix` needs a canonical version, not `" + name + "`");
        }
        new VersionParser(version + suffix).parse();
    }

    /** Semantic Versioning 2.0: {@code major.minor.patch}, then {@code -pre.release}, then {@code +build}. */
    private static final class VersionParser {
        private final String version;
        private int position;

        VersionParser(String version) {
            this.version = version;
        }

        void parse() {
            if (version.isEmpty()) {
                throw Rejected.invalid("empty string, expected a semver version");
            }
            number();
            expect('.');
            number();
            expect('.');
            number();
            if (at('-')) {
                identifiers(true);
            }
            if (at('+')) {
                identifiers(false);
            }
            if (position < version.length()) {
                throw unexpected();
            }
        }

        private Rejected unexpected() {
            return position < version.length()
                    ? Rejected.invalid("unexpected character '" + version.charAt(position) + "' in version `" + version + "`")
                    : Rejected.invalid("unexpected end of input in version `" + version + "`");
        }

        private boolean digit() {
            return position < version.length() && version.charAt(position) >= '0' && version.charAt(position) <= '9';
        }

        private void number() {
            int start = position;
            while (digit()) {
                position++;
            }
            if (position == start) {
                throw unexpected();
            }
            if (position - start > 1 && version.charAt(start) == '0') {
                throw Rejected.invalid("invalid leading zero in version `" + version + "`");
            }
        }

        private boolean at(char c) {
            if (position < version.length() && version.charAt(position) == c) {
                position++;
                return true;
            }
            return false;
        }

        private void expect(char c) {
            if (!at(c)) {
                throw unexpected();
            }
        }

        private void identifiers(boolean preRelease) {
            do {
                int start = position;
                while (position < version.length() && isIdentifier(version.charAt(position))) {
                    position++;
                }
                String identifier = version.substring(start, position);
                if (identifier.isEmpty()) {
                    throw Rejected.invalid("empty identifier segment in version `" + version + "`");
                }
                if (preRelease && identifier.matches("0[0-9]+")) {
                    throw Rejected.invalid("invalid leading zero in version `" + version + "`");
                }
            } while (at('.'));
        }

        private static boolean isIdentifier(char c) {
            return c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
        }
    }
}
