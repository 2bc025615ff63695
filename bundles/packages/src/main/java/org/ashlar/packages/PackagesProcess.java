package org.ashlar.packages;

import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.service.ProviderWatch;
import org.ashlar.api.service.ProviderWatches;
import org.ashlar.api.service.Providers;
import org.ashlar.api.store.FileStore;
import org.ashlar.api.store.StateStore;
import org.ashlar.codec.PackagesResponse;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.condition.Condition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The system process {@code packages:distro:sys}: installs, updates and removes packages, one after the other on one
 * thread of its own.
 * <p>
 * Life cycle: once the node has started its processes, ends what a crash cut off; then serves. When it departs, an
 * installation in its probation is undone, and what waits is handed back.
 */
@Component(service = SystemProcess.class, immediate = true,
        property = SystemProcess.ID + "=packages:distro:sys")
public final class PackagesProcess implements SystemProcess {
    /** Requests that may wait. */
    static final int WAITING = 16;

    private static final Logger LOG = LoggerFactory.getLogger(PackagesProcess.class);

    private final Providers<Kernel> kernels = new Providers<>();
    private final ProviderWatches watches = new ProviderWatches();
    private final Providers<FileStore> files = new Providers<>(watches);
    private final Providers<StateStore> states = new Providers<>(watches);
    private final Providers<Condition> ready = new Providers<>();
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING), Thread.ofPlatform().name("ashlar-packages").daemon().factory());
    private final Probation probation = new Probation(thread::isShutdown);
    private final Packages packages = new Packages(kernels, files, states, ready, probation);

    /** A Request, until it is answered or handed back. */
    private final class Task implements Runnable {
        private final Envelope request;
        private final Reply reply;

        Task(Envelope request, Reply reply) {
            this.request = request;
            this.reply = reply;
        }

        @Override
        public void run() {
            if (thread.isShutdown()) {
                reply.handBack();
            } else {
                answer();
            }
        }

        /** Whatever becomes of it: here nobody sees what is thrown, and whoever asked would wait for ever. */
        private void answer() {
            try {
                PackagesProcess.answer(request, reply, packages.answerTo(request));
            } catch (Error e) {
                LOG.error("A request of {} failed", request.source(), e);
                reply.refuse();
            }
        }
    }

    @Deactivate
    void close() throws InterruptedException {
        thread.shutdown();
        thread.awaitTermination(Providers.DRAIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void handle(Envelope request, Reply reply) {
        if (!request.source().node().equals(request.target().node())) {
            return;
        }
        try {
            thread.execute(new Task(request, reply));
        } catch (RejectedExecutionException e) {
            if (thread.isShutdown()) {
                reply.handBack();
            } else {
                answer(request, reply, new PackagesResponse.Err(WAITING + " requests about packages are waiting already, the"
                        + " most there may be; try again later"));
            }
        }
    }

    private static void answer(Envelope request, Reply reply, PackagesResponse answer) {
        reply.respond(Response.of(answer.encode()).withMetadata(request.message().metadata()));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addKernel(Kernel kernel, Map<String, Object> properties) {
        kernels.add(kernel, properties);
    }

    void removeKernel(Kernel kernel) {
        kernels.remove(kernel);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addFileStore(FileStore store, Map<String, Object> properties) {
        files.add(store, properties);
    }

    void removeFileStore(FileStore store) {
        files.remove(store);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addStateStore(StateStore store, Map<String, Object> properties) {
        states.add(store, properties);
    }

    void removeStateStore(StateStore store) {
        states.remove(store);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addProviderWatch(ProviderWatch watch) {
        watches.add(watch);
    }

    void removeProviderWatch(ProviderWatch watch) {
        watches.remove(watch);
    }

    /** The kernel offers it when the processes of the last run are started. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY, target = "(osgi.condition.id=org.ashlar.ready)")
    void addReady(Condition condition, Map<String, Object> properties) {
        ready.add(condition, properties);
        thread.execute(packages::recover);
    }

    void removeReady(Condition condition) {
        ready.remove(condition);
    }
}
