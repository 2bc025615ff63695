package org.ashlar.backup.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.ashlar.api.backup.BackupTarget;
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
public final class LocalTargetProvider implements BackupTarget {
    static final String PID = "org.ashlar.backup.local.LocalTarget";

    /** One target. */
    @ObjectClassDefinition(name = "Backup folder")
    public @interface Config {
        @AttributeDefinition(name = "Folder", description = "Absolute path; the folder above it must be there")
        String path();
    }

    private final Path path;
    private LocalTarget opened;
    private boolean closed;

    @Activate
    public LocalTargetProvider(Config config) {
        path = Path.of(config.path());
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("A backup folder needs an absolute path, not \"" + config.path() + "\".");
        }
    }

    private synchronized LocalTarget target() throws IOException {
        if (opened == null) {
            if (closed) {
                throw new ClosedChannelException();
            }
            opened = new LocalTarget(path);
        }
        return opened;
    }

    @Override
    public boolean put(String name, ByteBuffer content) throws IOException {
        return target().put(name, content);
    }

    @Override
    public int get(String name, long offset, ByteBuffer into) throws IOException {
        return target().get(name, offset, into);
    }

    @Override
    public void list(String folder, Consumer<Stored> each) throws IOException {
        target().list(folder, each);
    }

    @Override
    public boolean delete(String name) throws IOException {
        return target().delete(name);
    }

    @Override
    public OptionalLong stat(String name) throws IOException {
        return target().stat(name);
    }

    @Deactivate
    @Override
    public synchronized void close() {
        closed = true;
        if (opened != null) {
            opened.close();
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
