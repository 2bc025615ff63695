package org.ashlar.backup.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.BackupTargetKind;
import org.ashlar.api.backup.Credential;
import org.ashlar.api.backup.RefusedException;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.codec.BackupNodeRequest;
import org.ashlar.codec.BackupNodeResponse;
import org.ashlar.codec.CodecException;
import org.ashlar.files.Durable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The system process {@code backup-node:distro:sys}: keeps backups for the nodes that its owner names, each in a folder {@code stored/NAME} of the
 * home, within a quota. It serves the process of the same name on those nodes, and nobody else.
 * <p>
 * Life cycle: holds whatever kinds of target there are; the one for folders does the storing. When kinds change, folders are opened anew.
 */
@Component(service = SystemProcess.class, immediate = true, configurationPid = "org.ashlar.backup.node.Store",
        property = {SystemProcess.ID + "=backup-node:distro:sys", SystemProcess.NETWORK + ":Boolean=true"})
@Designate(ocd = NodeStore.Config.class)
public final class NodeStore implements SystemProcess {
    private static final int THREADS = 4;
    private static final int WAITING = 64;
    private static final long STOP_MILLIS = 4_000;
    private static final Logger LOG = LoggerFactory.getLogger(NodeStore.class);

    /** What a person may set. */
    @ObjectClassDefinition(name = "Backups of other nodes")
    public @interface Config {
        @AttributeDefinition(name = "Allow", description = "Which nodes may keep how much here, each NAME SIZE: alice.os 50G")
        String[] allow() default {};
    }

    private final Path stored;
    private final Path scratch;
    private final Map<String, Allowance> allowed;
    private final List<BackupTargetKind> kinds = new CopyOnWriteArrayList<>();
    private final Map<String, Shelf> shelves = new HashMap<>();
    private final ThreadPoolExecutor pool = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().daemon().name("ashlar-backup-node").factory());

    @Activate
    public NodeStore(BundleContext context, Config config) throws IOException {
        this(Path.of(Optional.ofNullable(context.getProperty("ashlar.home")).orElseThrow(() -> new IllegalStateException(
                "The framework property ashlar.home is not set; it must be the absolute path of the node's home folder."))), config.allow());
    }

    NodeStore(Path home, String... allow) throws IOException {
        stored = home.resolve("stored");
        scratch = home.resolve("cache").resolve("backup-node");
        allowed = Arrays.stream(allow).map(Allowance::parse).collect(Collectors.toMap(Allowance::node, each -> each));
        Durable.deleteTree(scratch); // what a crash left
        Durable.createFolder(scratch);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void addKind(BackupTargetKind kind) {
        kinds.add(kind);
    }

    void removeKind(BackupTargetKind kind) {
        kinds.remove(kind);
        closeShelves();
    }

    private synchronized void closeShelves() {
        for (Shelf shelf : shelves.values()) {
            try {
                shelf.close();
            } catch (IOException e) {
                LOG.debug("a store of another node", e);
            }
        }
        shelves.clear();
    }

    @Deactivate
    void close() {
        pool.shutdown();
        try {
            if (!pool.awaitTermination(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.warn("a request of another node about its backups did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeShelves();
    }

    @Override
    public void handle(Envelope request, Reply reply) {
        try {
            pool.execute(() -> respond(request, reply));
        } catch (RejectedExecutionException e) {
            if (pool.isShutdown()) {
                reply.handBack();
            } else {
                reply.respond(Response.of(new BackupNodeResponse.Failed("too much is asked for at once; try again").encode()));
            }
        }
    }

    private void respond(Envelope request, Reply reply) {
        Shelf.Said said;
        try {
            byte[] part = request.blob().isPresent() ? request.blob().get().bytes() : new byte[0];
            said = shelf(request).answer(BackupNodeRequest.parse(request.message().body()), part);
        } catch (RefusedException | CodecException | IllegalArgumentException e) {
            said = Shelf.Said.of(new BackupNodeResponse.Refused(String.valueOf(e.getMessage())));
        } catch (IOException | RuntimeException e) {
            LOG.debug("a request of another node about its backups", e);
            said = Shelf.Said.of(new BackupNodeResponse.Failed(e.getMessage() == null ? "what stores files is being replaced; try again"
                    : e.getMessage()));
        }
        reply.respond(Response.of(said.response().encode()), said.blob());
    }

    private Shelf shelf(Envelope request) throws IOException {
        String node = request.source().node();
        Allowance allowance = allowed.get(node);
        if (allowance == null || !request.source().process().equals(NodeTarget.PROCESS) || node.equals(request.target().node())) {
            throw new RefusedException("it keeps no backups for " + node + "; its owner permits it with \"allow\" of the configuration"
                    + " org.ashlar.backup.node.Store");
        }
        synchronized (this) {
            Shelf known = shelves.get(node);
            if (known != null) {
                return known;
            }
            Path folder = stored.resolve(node);
            Durable.createFolder(folder);
            Shelf fresh = new Shelf(open(folder), scratch, allowance.quota(), size(folder));
            shelves.put(node, fresh);
            return fresh;
        }
    }

    private BackupTarget open(Path folder) throws IOException {
        for (BackupTargetKind kind : kinds) {
            if (kind.isFor(folder.toString())) {
                return kind.open(kind.configuration(folder.toString(), folder, Map.of()), Credential.NONE);
            }
        }
        throw new IOException("it has nothing now that stores files in folders");
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
