package org.ashlar.directory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.codec.CardText;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.DirectoryAction;
import org.ashlar.codec.DirectoryAnswer;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The system process {@code directory:distro:sys}: keeps the signed cards of nodes and tells them to nodes that ask. It serves
 * if the framework property {@code ashlar.directory.serve} is {@code true}, and refuses with a line otherwise. A node may
 * publish its own card and no other: who it is the network has made sure of.
 * <p>
 * Life cycle: cards are on disk when they are acknowledged; what was not is handed back for a successor.
 */
@Component(service = SystemProcess.class,
        property = {SystemProcess.ID + "=directory:distro:sys", SystemProcess.NETWORK + ":Boolean=true"})
public final class DirectoryProcess implements SystemProcess {
    /** Cards that wait to be written. */
    static final int WAITING = 256;

    private final Optional<CardStore> store;
    private final ThreadPoolExecutor writer = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().daemon().name("directory-io").factory());

    @Activate
    public DirectoryProcess(BundleContext context) throws IOException {
        this(Boolean.parseBoolean(context.getProperty("ashlar.directory.serve"))
                ? Optional.of(Path.of(context.getProperty("ashlar.home")).resolve("directory")) : Optional.empty());
    }

    /** @param folder where cards are kept; empty: no directory is run here */
    DirectoryProcess(Optional<Path> folder) throws IOException {
        store = folder.isPresent() ? Optional.of(new CardStore(folder.get())) : Optional.empty();
        writer.allowCoreThreadTimeOut(true);
    }

    @Override
    public void handle(Envelope request, Reply reply) {
        if (store.isEmpty()) {
            answer(reply, new DirectoryAnswer.Err("this node runs no directory; its person starts one with \"ashlar up --serve-directory\""));
            return;
        }
        try {
            switch (DirectoryAction.parse(request.message().body())) {
                case DirectoryAction.Find(String name) -> answer(reply, new DirectoryAnswer.Cards(store.get().find(name).stream().toList()));
                case DirectoryAction.Publish(CardText card) when card.card().name().equals(request.source().node()) -> publish(card, reply);
                case DirectoryAction.Publish(CardText card) -> answer(reply, new DirectoryAnswer.Err(request.source().node()
                        + " may publish its own card, and not that of " + card.card().name()));
            }
        } catch (CodecException e) {
            answer(reply, new DirectoryAnswer.Err(e.getMessage()));
        }
    }

    private void publish(CardText card, Reply reply) {
        try {
            writer.execute(() -> {
                try {
                    store.orElseThrow().put(card);
                    answer(reply, new DirectoryAnswer.Cards(List.of(card)));
                } catch (IOException e) {
                    answer(reply, new DirectoryAnswer.Err(e.getMessage()));
                }
            });
        } catch (RejectedExecutionException e) {
            if (writer.isShutdown()) {
                reply.handBack();
            } else {
                answer(reply, new DirectoryAnswer.Err("too many cards wait to be written; try again later"));
            }
        }
    }

    private static void answer(Reply reply, DirectoryAnswer answer) {
        reply.respond(Response.of(answer.encode()));
    }

    /** What waits is written first: there is little of it. */
    @Deactivate
    void close() {
        writer.shutdown();
        try {
            writer.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
