package org.ashlar.vfs;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.service.Providers;
import org.ashlar.api.store.FileStore;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.VfsRequest;
import org.ashlar.codec.VfsResponse;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * The system process {@code vfs:distro:sys} (reference-modules 3). It reads whole files; every other action is answered
 * with an error that says so.
 * <p>
 * Files are read on a few platform threads. A call waits for its file, so that the Requests of one sender are answered
 * in the order they were sent.
 */
@Component(service = SystemProcess.class, property = SystemProcess.ID + "=vfs:distro:sys")
public final class VfsProcess implements SystemProcess {
    /** Largest file that is read at once, in bytes. */
    static final int MAX_READ = 64 << 20;
    private static final int THREADS = 4;
    private static final ProcessId KERNEL = ProcessId.parse("kernel:distro:sys");
    private static final Optional<String> OCTETS = Optional.of("application/octet-stream");

    private final Providers<FileStore> stores = new Providers<>();
    private final ExecutorService threads = new ThreadPoolExecutor(THREADS, THREADS, 0, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), Thread.ofPlatform().name("ashlar-vfs-", 0).daemon().factory());

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addStore(FileStore store, Map<String, Object> properties) {
        stores.add(store, properties.get("service.ranking") instanceof Integer ranking ? ranking : 0);
    }

    void removeStore(FileStore store) {
        stores.remove(store);
    }

    @Deactivate
    void close() {
        threads.shutdown();
    }

    @Override
    public void handle(Envelope request, Reply reply) {
        if (!request.source().node().equals(request.target().node())) {
            return;
        }
        try {
            String path = permitted(request, reply);
            CompletableFuture.runAsync(() -> answer(request, reply, path), threads).join();
        } catch (Refused e) {
            respond(request, reply, e.answer, Optional.empty());
        } catch (RejectedExecutionException e) {
            reply.handBack();
        }
    }

    /** The path of the file to read. */
    private static String permitted(Envelope request, Reply reply) throws Refused {
        VfsRequest asked;
        DrivePath path;
        try {
            asked = VfsRequest.parse(request.message().body());
            path = DrivePath.parse(asked.path());
        } catch (CodecException | IOException e) {
            throw new Refused(new VfsResponse.MalformedRequest());
        }
        if (!asked.action().equals(VfsRequest.READ)) {
            throw new Refused(new VfsResponse.IoError("the action " + asked.action() + " is not available yet; this node's"
                    + " vfs reads whole files (Read)"));
        }
        if (!mayRead(request, reply, path)) {
            throw new Refused(new VfsResponse.NoReadCap());
        }
        return asked.path();
    }

    /** The package itself may, and who holds the drive's read capability or the root one (reference-modules 3.4). */
    private static boolean mayRead(Envelope request, Reply reply, DrivePath path) {
        ProcessId sender = request.source().process();
        if (sender.equals(KERNEL) || sender.packageId().equals(path.owner())) {
            return true;
        }
        Address vfs = request.target();
        return reply.senderHolds(new Capability(vfs, "{\"kind\":\"read\",\"drive\":\"/" + path.owner()
                + '/' + path.drive() + "\"}"))
                || reply.senderHolds(new Capability(vfs, "{\"root\":true}"));
    }

    private void answer(Envelope request, Reply reply, String path) {
        try (Providers.Lease<FileStore> lease = stores.lease(Providers.GRACE)
                .orElseThrow(() -> new IOException("no file store is running"))) {
            byte[] content = lease.service().read(path, MAX_READ);
            respond(request, reply, new VfsResponse.Read(), Optional.of(Blob.of(OCTETS, content)));
        } catch (IOException e) {
            respond(request, reply, new VfsResponse.IoError(e.getMessage()), Optional.empty());
        }
    }

    private static void respond(Envelope request, Reply reply, VfsResponse answer, Optional<Blob> blob) {
        reply.respond(Response.of(answer.encode()).withMetadata(request.message().metadata()), blob);
    }

    /** The Request is answered without touching a file. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient VfsResponse answer;

        Refused(VfsResponse answer) {
            super(null, null, false, false);
            this.answer = answer;
        }
    }
}
