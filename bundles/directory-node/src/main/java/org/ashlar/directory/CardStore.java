package org.ashlar.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.ashlar.api.net.NodeCard;
import org.ashlar.codec.CardText;
import org.ashlar.codec.CodecException;
import org.ashlar.files.Durable;
import org.ashlar.noise.CardSignature;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signed cards, a file each: {@code <home>/directory/NAME.card}. A name belongs to the key that came first, until its file is
 * removed while the node does not run. {@link #find} answers from memory on any thread; {@link #put} is not for virtual threads.
 */
final class CardStore {
    /** Most cards. */
    static final int MAX = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(CardStore.class);
    private static final String SUFFIX = ".card";

    private final Path folder;
    private final Map<String, CardText> cards = new ConcurrentHashMap<>();

    CardStore(Path folder) throws IOException {
        this.folder = folder;
        Durable.createFolder(folder);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(SUFFIX)).sorted().limit(MAX).toList()) {
                read(file);
            }
        }
    }

    private void read(Path file) throws IOException {
        try {
            if (Files.size(file) > CardText.MAX) {
                throw new CodecException("it is too long");
            }
            CardText card = CardText.parse(Files.readString(file));
            if (!file.equals(file(card.card().name())) || !CardSignature.fits(card)) {
                throw new CodecException("it is not that node's");
            }
            cards.put(card.card().name(), card);
        } catch (CodecException e) {
            LOG.warn("{} is passed over: {}", file, e.getMessage());
        }
    }

    private Path file(String name) {
        return folder.resolve(name + SUFFIX);
    }

    Optional<CardText> find(String name) {
        return Optional.ofNullable(cards.get(name));
    }

    List<CardText> list() {
        return List.copyOf(cards.values());
    }

    /**
     * Keeps a card, on disk when this returns.
     *
     * @throws IOException with a line for a person: it is not signed by its key, another key has the name, there are
     *                     {@link #MAX} already, or it cannot be written
     */
    synchronized void put(CardText text) throws IOException {
        NodeCard card = text.card();
        CardText before = cards.get(card.name());
        if (before != null && before.toString().equals(text.toString())) {
            return;
        }
        if (!CardSignature.fits(text)) {
            throw new IOException("the signature of this card does not fit");
        }
        if (before != null && !Arrays.equals(before.card().key(), card.key())) {
            throw new IOException(card.name() + " is written down here with another key: " + before.card().fingerprint()
                    + "; in the card: " + card.fingerprint());
        }
        if (before == null && cards.size() >= MAX) {
            throw new IOException("there are " + MAX + " cards already");
        }
        Durable.write(file(card.name()), text.toString().getBytes(UTF_8));
        cards.put(card.name(), text);
    }
}
