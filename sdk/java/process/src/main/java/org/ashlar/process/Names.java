package org.ashlar.process;

/** Which characters the parts of an address may have. */
final class Names {

    private Names() {
    }

    static String checkedName(String part, String value, String whole) {
        return checked(part, value, whole, false);
    }

    static String checkedNode(String part, String value, String whole) {
        return checked(part, value, whole, true);
    }

    private static String checked(String part, String value, String whole, boolean dots) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("'" + whole + "' has an empty " + part);
        }
        for (int i = 0; i < value.length(); i++) {
            if (!isAllowed(value.charAt(i), dots)) {
                throw new IllegalArgumentException("'" + whole + "' has the " + part + " '" + value + "': only a-z, 0-9"
                        + (dots ? ", - and . are allowed" : " and - are allowed"));
            }
        }
        return value;
    }

    private static boolean isAllowed(char c, boolean dots) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || dots && c == '.';
    }
}
