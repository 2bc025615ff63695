package org.ashlar.api.net;

import java.util.Objects;

/**
 * Where a node takes links.
 *
 * @param protocol that of a {@link Transport}: {@code [a-z0-9]+}, at most 16 characters
 * @param host     a name, or an IP address in text form without brackets, at most 253 characters
 * @param port     1 to 65 535
 */
public record NodeAddress(String protocol, String host, int port) {
    private static final int MAX_PORT = 65_535;

    /** @throws IllegalArgumentException when a part is not as described */
    public NodeAddress {
        Objects.requireNonNull(host, "host");
        if (!protocol.matches("[a-z0-9]{1,16}")) {
            throw new IllegalArgumentException("\"" + protocol + "\" is no protocol: a-z and 0-9, at most 16 characters");
        }
        if (!host.matches("[A-Za-z0-9.:%_-]{1,253}")) {
            throw new IllegalArgumentException("\"" + host + "\" is no host: a name or an IP address");
        }
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException(port + " is no port: 1 to " + MAX_PORT);
        }
    }

    /** {@code protocol://host:port}, with brackets around a host that has colons in it. */
    @Override
    public String toString() {
        return protocol + "://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
