package org.ashlar.kv;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.service.Providers;
import org.ashlar.api.store.Snapshotable;
import org.ashlar.api.store.StoreException;
import org.ashlar.codec.KvAction;
import org.ashlar.databases.DatabaseService;
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
 * The system process {@code kv:distro:sys}: databases of keys and values (reference-modules 4).
 * <p>
 * Life cycle: takes the lock on its folder, waiting for a predecessor; when it is deactivated it ends what it has begun,
 * hands back the rest and lets go of the lock. Kernels come and go meanwhile.
 */
@Component(service = {SystemProcess.class, Snapshotable.class}, property = SystemProcess.ID + "=kv:distro:sys",
        configurationPid = "org.ashlar.kv.KvProcess")
@Designate(ocd = KvProcess.Config.class)
public final class KvProcess extends DatabaseService<KvAction> {
    private final Providers<Kernel> kernels;

    /** What may be set. */
    @ObjectClassDefinition(name = "Ashlar kv databases")
    @interface Config {
        @AttributeDefinition(name = "Bytes that one database may grow to")
        long database_bytes() default 4L << 30;
    }

    @Activate
    public KvProcess(BundleContext context, Config config) {
        this(context, config, new Providers<>());
    }

    private KvProcess(BundleContext context, Config config, Providers<Kernel> kernels) {
        super(home(context), new KvDialect(), config.database_bytes(), kernels);
        this.kernels = kernels;
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

    @Override
    @Deactivate
    public void close() {
        super.close();
    }
}
