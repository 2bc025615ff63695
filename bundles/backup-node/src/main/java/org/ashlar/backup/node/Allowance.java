package org.ashlar.backup.node;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ashlar.api.message.NodeName;

/** How much a node may keep here. @param quota in bytes */
record Allowance(String node, long quota) {
    private static final Pattern FORM = Pattern.compile("([a-z0-9][a-z0-9.-]*) +([0-9]{1,9})([MGT])");

    /** @param text a name and a size: {@code alice.os 50G}. @throws IllegalArgumentException when it is none */
    static Allowance parse(String text) {
        Matcher given = FORM.matcher(text.strip());
        if (!given.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" does not say which node may keep how much; it is written NAME SIZE, such as alice.os 50G");
        }
        return new Allowance(NodeName.checked(given.group(1)), Long.parseLong(given.group(2)) << 20 + 10 * "MGT".indexOf(given.group(3)));
    }
}
