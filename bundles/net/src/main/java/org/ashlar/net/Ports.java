package org.ashlar.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ashlar.files.Durable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ports of the last run, in {@code <home>/identity/ports}, a line {@code protocol port} each: so that cards given away
 * hold good after a restart. Without a home they are those of this run. A file that cannot be read or written costs that, and no more. Does file I/O: not for virtual
 * threads.
 */
final class Ports {
    private static final Logger LOG = LoggerFactory.getLogger(Ports.class);
    private static final int MAX_BYTES = 1_024;

    private final Optional<Path> file;
    private final Map<String, Integer> ports = new TreeMap<>();

    Ports(Optional<Path> home) {
        file = home.map(folder -> folder.resolve("identity").resolve("ports"));
    }

    synchronized Optional<Integer> get(String protocol) {
        if (ports.isEmpty()) {
            read();
        }
        return Optional.ofNullable(ports.get(protocol));
    }

    private void read() {
        try {
            if (file.isPresent() && Files.exists(file.get()) && Files.size(file.get()) <= MAX_BYTES) {
                Files.readString(file.get()).lines().map(line -> line.split(" ")).filter(words -> words.length == 2
                        && words[1].matches("[1-9][0-9]{0,4}")).forEach(words -> ports.put(words[0], Integer.valueOf(words[1])));
            }
        } catch (IOException e) {
            LOG.warn("the ports of the last run cannot be read: {}", e.getMessage());
        }
    }

    synchronized void put(String protocol, int port) {
        boolean known = get(protocol).equals(Optional.of(port));
        ports.put(protocol, port);
        if (known || file.isEmpty()) {
            return;
        }
        try {
            Durable.write(file.get(), ports.entrySet().stream().map(each -> each.getKey() + " " + each.getValue() + "\n")
                    .collect(Collectors.joining()).getBytes(UTF_8));
        } catch (IOException e) {
            LOG.warn("the ports of this run cannot be written down: {}", e.getMessage());
        }
    }
}
