package org.ashlar.state;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.service.ProviderWatch;
import org.ashlar.api.service.ProviderWatches;
import org.ashlar.api.service.Providers;
import org.ashlar.api.store.StateStore;
import org.ashlar.api.store.StateStore.Change;
import org.ashlar.api.store.StoreException;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.StateAction;
import org.ashlar.codec.StateResponse;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The system process {@code state:distro:sys} (reference-kernel 8.2): the state that processes keep through the guest
 * interface, for the node's own processes to look at and to clear.
 * <p>
 * A blob in a file is read on a platform thread. A call waits for its end, so that the Requests of one sender are carried
 * out in the order they were sent.
 */
@Component(service = SystemProcess.class, property = SystemProcess.ID + "=state:distro:sys")
public final class StateProcess implements SystemProcess {
    /** The table in which the kernel keeps it, by the process id as text. */
    static final String TABLE = "state";
    private static final Logger LOG = LoggerFactory.getLogger(StateProcess.class);
    private static final int THREADS = 2;
    private static final PackageId DISTRO = PackageId.parse("distro:sys");
    private static final PackageId TERMINAL = PackageId.parse("terminal:sys");
    private static final Optional<String> OCTETS = Optional.of("application/octet-stream");

    private final ProviderWatches watches = new ProviderWatches();
    private final Providers<StateStore> stores = new Providers<>(watches);
    private final ExecutorService threads = new ThreadPoolExecutor(THREADS, THREADS, 0, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), Thread.ofPlatform().name("ashlar-state-", 0).daemon().factory());

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addStore(StateStore store, Map<String, Object> properties) {
        stores.add(store, properties);
    }

    void removeStore(StateStore store) {
        stores.remove(store);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addProviderWatch(ProviderWatch watch) {
        watches.add(watch);
    }

    void removeProviderWatch(ProviderWatch watch) {
        watches.remove(watch);
    }

    @Deactivate
    void close() {
        threads.shutdown();
    }

    @Override
    public void handle(Envelope request, Reply reply) {
        if (!mayAsk(request)) {
            LOG.debug("{} may not ask for states", request.source());
            return;
        }
        try {
            CompletableFuture.runAsync(() -> answer(request, reply), threads).join();
        } catch (RejectedExecutionException e) {
            reply.handBack();
        }
    }

    /** The node's own packages alone: whoever may ask here reads every process's state (reference-kernel 5.7, #828). */
    private static boolean mayAsk(Envelope request) {
        PackageId sender = request.source().process().packageId();
        return request.source().node().equals(request.target().node())
                && (sender.equals(DISTRO) || sender.equals(TERMINAL));
    }

    private void answer(Envelope request, Reply reply) {
        Answer answer = answerTo(request);
        reply.respond(Response.of(answer.body().encode()).withMetadata(request.message().metadata()), answer.blob());
    }

    private record Answer(StateResponse body, Optional<Blob> blob) {
        Answer(StateResponse body) {
            this(body, Optional.empty());
        }
    }

    private Answer answerTo(Envelope request) {
        StateAction action;
        try {
            action = StateAction.parse(request.message().body());
        } catch (CodecException e) {
            return new Answer(new StateResponse.BadJson(e.getMessage()));
        }
        try {
            return stores.ask(Providers.GRACE, store -> carryOut(action, request, store), () -> new StoreException(
                    "no state store is running; deploy one and try again"));
        } catch (StoreException e) {
            return new Answer(new StateResponse.StoreError(action.name(), e.getMessage()));
        } catch (IOException e) {
            return new Answer(new StateResponse.IoError("the blob cannot be read: " + e.getMessage()));
        }
    }

    /** May be done again of another store. */
    private static Answer carryOut(StateAction action, Envelope request, StateStore store) throws IOException {
        return switch (action) {
            case StateAction.GetState(ProcessId id) -> store.get(TABLE, id.toString())
                    .map(state -> new Answer(done(action), Optional.of(Blob.of(OCTETS, state))))
                    .orElseGet(() -> new Answer(new StateResponse.NotFound(id)));
            case StateAction.SetState(ProcessId id) -> {
                if (request.blob().isEmpty()) {
                    yield new Answer(new StateResponse.BadBytes(action.name()));
                }
                store.commit(List.of(Change.put(TABLE, id.toString(), request.blob().get().bytes())));
                yield new Answer(done(action));
            }
            case StateAction.DeleteState(ProcessId id) -> {
                store.commit(List.of(Change.remove(TABLE, id.toString())));
                yield new Answer(done(action));
            }
            case StateAction.Backup backup -> new Answer(new StateResponse.IoError("this process makes no backups: they are"
                    + " taken of the whole node, by a bundle of their own"));
        };
    }

    private static StateResponse done(StateAction action) {
        return new StateResponse.Done(action.name());
    }
}
