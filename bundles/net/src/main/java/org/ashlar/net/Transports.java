package org.ashlar.net;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.ashlar.api.net.Transport;
import org.ashlar.api.service.Providers;

/** The transports that there are, by their protocols. Any thread may call. */
final class Transports {
    private final Map<String, Providers<Transport>> byProtocol = new ConcurrentHashMap<>();

    void add(Transport transport, int ranking) {
        byProtocol.computeIfAbsent(transport.protocol(), protocol -> new Providers<>()).add(transport, ranking);
    }

    /** Forgets {@code transport}, without waiting for who uses it to connect. */
    Providers.Departure hide(Transport transport) {
        return Optional.ofNullable(byProtocol.get(transport.protocol())).map(providers -> providers.hide(transport))
                .orElse(patience -> true);
    }

    /** Whether there is or was a transport for {@code protocol}: one that is being replaced will be back. */
    boolean knows(String protocol) {
        return byProtocol.containsKey(protocol);
    }

    /** The transport for {@code protocol}; waits for one that is being replaced. */
    Optional<Providers.Lease<Transport>> lease(String protocol, Duration patience) {
        return Optional.ofNullable(byProtocol.get(protocol)).flatMap(providers -> providers.lease(patience));
    }

    /** The one in use for its protocol, if {@code transport} is not. */
    boolean isPreferred(Transport transport) {
        return Optional.ofNullable(byProtocol.get(transport.protocol())).flatMap(Providers::preferred)
                .map(preferred -> preferred == transport).orElse(false);
    }
}
