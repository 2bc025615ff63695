package org.ashlar.backup.local;

import java.nio.file.Path;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.LazyTarget;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Offers a folder as a target, one for each configuration.
 * <p>
 * Life cycle: the folder is looked at when it is used first, and again until it is there: a disk that is plugged in later
 * needs no restart.
 */
@Component(service = BackupTarget.class, configurationPolicy = ConfigurationPolicy.REQUIRE,
        configurationPid = LocalTargetProvider.PID)
@Designate(ocd = LocalTargetProvider.Config.class, factory = true)
public final class LocalTargetProvider extends LazyTarget {
    static final String PID = "org.ashlar.backup.local.LocalTarget";

    /** One target. */
    @ObjectClassDefinition(name = "Backup folder")
    public @interface Config {
        @AttributeDefinition(name = "Folder", description = "Absolute path; the folder above it must be there")
        String path();
    }

    private final Path path;

    @Activate
    public LocalTargetProvider(Config config) {
        this(path(config));
    }

    private LocalTargetProvider(Path path) {
        super(() -> new LocalTarget(path));
        this.path = path;
    }

    private static Path path(Config config) {
        Path path = Path.of(config.path());
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("A backup folder needs an absolute path, not \"" + config.path() + "\".");
        }
        return path;
    }

    @Deactivate
    @Override
    public void close() {
        super.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
