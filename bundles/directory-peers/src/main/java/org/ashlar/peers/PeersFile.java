package org.ashlar.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.NodeName;
import org.ashlar.api.net.Directory;
import org.ashlar.api.net.NodeCard;
import org.ashlar.api.net.PeerBook;
import org.ashlar.codec.CardText;
import org.ashlar.codec.CodecException;
import org.ashlar.files.Durable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code <home>/identity/peers}: a card or {@code block NAME} a line. It is read at the start and written anew,
 * completely or not at all, at each change; while the node runs it may be read, not edited. Lines that are neither are kept
 * out and reported. What is known is in memory, so that the file can be gone.
 */
@Component(service = Directory.class, property = "service.ranking:Integer=100")
public final class PeersFile implements PeerBook {
    private static final Logger LOG = LoggerFactory.getLogger(PeersFile.class);
    private static final String BLOCK = "block ";
    private static final long MAX_BYTES = (long) MAX * CardText.MAX;

    private final Path file;
    /** By name; empty for those that are blocked. Replaced as a whole. */
    private volatile Map<String, Optional<NodeCard>> known;

    @Activate
    public PeersFile(BundleContext context) throws IOException {
        this(Path.of(context.getProperty("ashlar.home")));
    }

    PeersFile(Path home) throws IOException {
        file = home.resolve("identity").resolve("peers");
        known = read();
    }

    private Map<String, Optional<NodeCard>> read() throws IOException {
        Map<String, Optional<NodeCard>> read = new TreeMap<>();
        if (!Files.exists(file)) {
            return read;
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " has more than " + MAX_BYTES + " bytes; it is no list of peers that this node wrote");
        }
        for (String line : new String(Files.readAllBytes(file), UTF_8).lines().map(String::strip).toList()) {
            try {
                if (line.startsWith(BLOCK)) {
                    read.put(NodeName.checked(line.substring(BLOCK.length())), Optional.empty());
                } else if (!line.isEmpty()) {
                    NodeCard card = CardText.parse(line).card();
                    read.put(card.name(), Optional.of(card));
                }
            } catch (CodecException | IdentifierException e) {
                LOG.warn("a line of {} is passed over: {}", file, e.getMessage());
            }
        }
        return read;
    }

    @Override
    public String source() {
        return "peers";
    }

    @Override
    public List<NodeCard> find(String name) {
        return known.getOrDefault(name, Optional.empty()).stream().toList();
    }

    @Override
    public boolean blocks(String name) {
        Optional<NodeCard> entry = known.get(name);
        return entry != null && entry.isEmpty();
    }

    @Override
    public List<NodeCard> list() {
        return known.values().stream().flatMap(Optional::stream).toList();
    }

    @Override
    public List<String> blocked() {
        return known.entrySet().stream().filter(entry -> entry.getValue().isEmpty()).map(Map.Entry::getKey).toList();
    }

    @Override
    public synchronized void put(NodeCard card) throws IOException {
        change(card.name(), Optional.of(card));
    }

    @Override
    public synchronized void block(String name) throws IOException {
        change(NodeName.checked(name), Optional.empty());
    }

    private void change(String name, Optional<NodeCard> entry) throws IOException {
        Map<String, Optional<NodeCard>> next = new TreeMap<>(known);
        next.put(name, entry);
        if (next.size() > MAX) {
            throw new IOException("there are " + MAX + " nodes in it already, the most there may be");
        }
        write(next);
    }

    @Override
    public synchronized boolean remove(String name) throws IOException {
        Map<String, Optional<NodeCard>> next = new TreeMap<>(known);
        if (next.remove(name) == null) {
            return false;
        }
        write(next);
        return true;
    }

    private void write(Map<String, Optional<NodeCard>> next) throws IOException {
        List<String> lines = new ArrayList<>();
        next.forEach((name, card) -> lines.add(card.map(CardText::of).orElse(BLOCK + name)));
        lines.add("");
        Durable.createFolder(file.getParent());
        Durable.write(file, String.join("\n", lines).getBytes(UTF_8));
        known = next;
    }
}
