package org.ashlar.vfs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.service.Providers;
import org.ashlar.api.store.FileStamp;
import org.ashlar.api.store.FileStore;
import org.ashlar.api.store.Snapshotable;
import org.ashlar.api.store.StoreException;
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

/**
 * The drives of a node: for its own bundles as {@link FileStore}, for processes as {@code vfs:distro:sys}.
 * <p>
 * Life cycle: takes the lock on the drives, waiting for a predecessor; undoes and clears what a crash left; works until
 * it is deactivated: then it ends what it has begun, hands back the rest, closes all files and lets go of the lock.
 * Kernels come and go meanwhile.
 */
@Component(service = {FileStore.class, Snapshotable.class, SystemProcess.class}, property = SystemProcess.ID + "=vfs:distro:sys",
        configurationPid = "org.ashlar.vfs.Vfs")
@Designate(ocd = Vfs.Config.class)
public final class Vfs implements FileStore, Snapshotable, SystemProcess {
    /** What the files of one drive may have together, in bytes, unless configured. */
    static final long DRIVE_BYTES = 64L << 30;
    /** How many files and folders one drive may have, unless configured. */
    static final long DRIVE_ENTRIES = 1_000_000;

    private final Providers<Kernel> kernels = new Providers<>();
    private final Path home;
    private final DriveStore store;
    private final VfsProcess process;

    /** What may be set. */
    @ObjectClassDefinition(name = "Ashlar drives")
    @interface Config {
        @AttributeDefinition(name = "Bytes that the files of one drive may have together")
        long drive_bytes() default DRIVE_BYTES;

        @AttributeDefinition(name = "Files and folders that one drive may have, at most 2 000 000")
        long drive_entries() default DRIVE_ENTRIES;
    }

    @Activate
    public Vfs(BundleContext context, Config config) {
        this(home(context), new Usage(config.drive_bytes(), config.drive_entries()));
    }

    /**
     * Opens the drives of a home outside a framework.
     *
     * @throws StoreException when they are in use or cannot be written
     */
    public Vfs(Path home) {
        this(home, new Usage(DRIVE_BYTES, DRIVE_ENTRIES));
    }

    private Vfs(Path home, Usage quota) {
        this.home = home;
        store = new DriveStore(home, quota);
        process = new VfsProcess(store.tree(), kernels);
        Succession.takeOver(home, process.handles());
    }

    private static Path home(BundleContext context) {
        return Path.of(Optional.ofNullable(context.getProperty("ashlar.home")).orElseThrow(() -> new StoreException(
                "The framework property ashlar.home is not set; it must be the absolute path of the node's home folder.")));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addKernel(Kernel kernel, Map<String, Object> properties) {
        kernels.add(kernel, properties.get("service.ranking") instanceof Integer ranking ? ranking : 0);
    }

    void removeKernel(Kernel kernel) {
        kernels.remove(kernel);
    }

    @Deactivate
    public void close() {
        process.close();
        Succession.leave(home, process.handles());
        process.handles().closeAll();
        store.close();
    }

    @Override
    public void handle(Envelope request, Reply reply) {
        process.handle(request, reply);
    }

    @Override
    public byte[] read(String path, int limit) throws IOException {
        return store.read(path, limit);
    }

    @Override
    public Optional<FileStamp> stamp(String path) {
        return store.stamp(path);
    }

    @Override
    public Path drive(PackageId owner, String name) throws IOException {
        return store.drive(owner, name);
    }

    @Override
    public Replacement replace(PackageId owner, String name, Path content) throws IOException {
        Replacement replacement = store.replace(owner, name, content);
        process.replaced(new DrivePath(owner, name, List.of()));
        return replacement;
    }

    @Override
    public Path staging() throws IOException {
        return store.staging();
    }

    @Override
    public void remove(PackageId owner, String name) throws IOException {
        store.remove(owner, name);
        process.replaced(new DrivePath(owner, name, List.of()));
    }

    @Override
    public List<PackageId> packages() throws IOException {
        return store.packages();
    }

    @Override
    public String name() {
        return store.name();
    }

    @Override
    public void prepare() throws IOException {
        store.prepare();
    }

    @Override
    public void cut(Barrier barrier) throws IOException {
        store.cut(barrier);
    }

    @Override
    public List<Entry> open() throws IOException {
        return store.open();
    }

    @Override
    public void release() {
        store.release();
    }
}
