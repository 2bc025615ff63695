package org.ashlar.directory;

import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.net.Directory;
import org.ashlar.api.net.NodeCard;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.service.Providers;
import org.ashlar.codec.CardText;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.DirectoryAction;
import org.ashlar.codec.DirectoryAnswer;
import org.ashlar.noise.CardSignature;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nodes as the directory of another one knows them: that of the node which the framework property {@code ashlar.directory}
 * names. It is asked when a person looks for a node. This node's own card is published there at the start, when it changes, and
 * every hour.
 * <p>
 * Life cycle: kernels come and go; what fails for want of one, or because the other node cannot be reached, is tried again
 * every ten seconds.
 */
@Component(service = Directory.class, property = "service.ranking:Integer=30")
public final class NodeDirectory implements Directory {
    /** Most nodes remembered; the one found first makes room. */
    static final int MAX = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(NodeDirectory.class);
    private static final ProcessId SELF = ProcessId.parse("directory:distro:sys");
    /** Seconds that the directory may take to answer. */
    private static final int ANSWER = 4;
    private static final long ANSWER_MILLIS = 4_500;
    private static final long AGAIN_SECONDS = 10;
    private static final long REFRESH_SECONDS = 3_600;

    private final Optional<String> node;
    private final Providers<Kernel> kernels = new Providers<>();
    private final ScheduledExecutorService publisher =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("directory-publish").factory());
    /** In the order in which they were found. */
    private final Map<String, NodeCard> remembered = new LinkedHashMap<>();
    private volatile Optional<CardText> own = Optional.empty();
    /** For the publishing thread alone. */
    private String published = "";
    private long publishedAt;
    /** What was logged last. */
    private String trouble = "";

    @Activate
    public NodeDirectory(BundleContext context) {
        this(Optional.ofNullable(context.getProperty("ashlar.directory")));
    }

    /** @param node whose directory is used; empty: nobody's */
    NodeDirectory(Optional<String> node) {
        this.node = node;
        node.ifPresent(there -> publisher.scheduleWithFixedDelay(this::publish, 1, AGAIN_SECONDS, TimeUnit.SECONDS));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addKernel(Kernel kernel, Map<String, Object> properties) {
        kernels.add(kernel, properties.get(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0);
    }

    void removeKernel(Kernel kernel) {
        kernels.remove(kernel);
    }

    @Override
    public String source() {
        return "directory" + node.map(there -> ":" + there).orElse("");
    }

    @Override
    public List<NodeCard> find(String name) {
        synchronized (remembered) {
            return Optional.ofNullable(remembered.get(name)).stream().toList();
        }
    }

    @Override
    public List<NodeCard> list() {
        synchronized (remembered) {
            return remembered.values().stream().sorted(Comparator.comparing(NodeCard::name)).toList();
        }
    }

    @Override
    public void search(String name) throws IOException {
        DirectoryAnswer.Cards answer = ask(new DirectoryAction.Find(name));
        Optional<NodeCard> found = answer.cards().stream().filter(text -> text.card().name().equals(name) && CardSignature.fits(text))
                .map(CardText::card).findFirst();
        synchronized (remembered) {
            remembered.remove(name);
            found.ifPresent(card -> remembered.put(name, card));
            if (remembered.size() > MAX) {
                remembered.remove(remembered.keySet().iterator().next());
            }
        }
    }

    private DirectoryAnswer.Cards ask(DirectoryAction action) throws IOException {
        String there = node.orElseThrow(() -> new IOException("not asked, because this node was started without --directory"));
        Kernel kernel = kernels.preferred().orElseThrow(() -> new IOException("this node is starting or stopping"));
        try {
            Answer answer = kernel.ask(SELF, new Address(there, SELF), Request.of(action.encode()).expecting(ANSWER), Optional.empty())
                    .toCompletableFuture().get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
            return switch (DirectoryAnswer.parse(answer.response().body())) {
                case DirectoryAnswer.Cards cards -> cards;
                case DirectoryAnswer.Err(String reason) -> throw new IOException(reason);
            };
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(there + " does not answer", e);
        } catch (CodecException e) {
            throw new IOException(there + " gave an answer that is none: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void announce(NodeCard card, byte[] signature) {
        own = Optional.of(new CardText(card, Optional.of(signature)));
        if (node.isPresent() && !publisher.isShutdown()) {
            publisher.execute(this::publish);
        }
    }

    private void publish() {
        Optional<CardText> card = own;
        boolean due = System.nanoTime() - publishedAt > TimeUnit.SECONDS.toNanos(REFRESH_SECONDS);
        if (card.isEmpty() || card.get().toString().equals(published) && !due) {
            return;
        }
        try {
            ask(new DirectoryAction.Publish(card.get()));
            published = card.get().toString();
            publishedAt = System.nanoTime();
            trouble = "";
        } catch (IOException e) {
            if (!trouble.equals(String.valueOf(e.getMessage()))) {
                trouble = String.valueOf(e.getMessage());
                LOG.info("the directory of {} does not have this node's card yet: {}", node.orElse(""), trouble);
            }
        }
    }

    @Deactivate
    void close() {
        publisher.shutdownNow();
    }
}
