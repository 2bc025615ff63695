package org.ashlar.deploy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.BundleException;

/** Makes of what a bundle threw a line for a person. */
final class Reasons {
    /** The longest line of others that is passed on, in characters. */
    private static final int MAX_LENGTH = 500;
    private static final Pattern MISSING_PACKAGE = Pattern.compile("osgi\\.wiring\\.package=([\\w.]+)");

    private Reasons() { }

    /** The innermost message: the framework's own only says that an activator failed. */
    static String of(Throwable failure) {
        Throwable inner = failure;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        String message = inner instanceof BundleException ? inner.getMessage() : inner.toString();
        Matcher missing = MISSING_PACKAGE.matcher(message);
        return missing.find() ? "no bundle offers the package " + missing.group(1) : firstLine(message);
    }

    private static String firstLine(String message) {
        String line = message.lines().findFirst().orElse("");
        return line.length() > MAX_LENGTH ? line.substring(0, MAX_LENGTH) + " …" : line;
    }
}
