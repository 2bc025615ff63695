package org.ashlar.backup.sftp;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.Credential;
import org.ashlar.api.backup.LazyTarget;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Offers a folder on an SSH server as a target, one for each configuration.
 * <p>
 * Life cycle: its credential is read, and the host connected with, when the target is used first.
 */
@Component(service = BackupTarget.class, configurationPolicy = ConfigurationPolicy.REQUIRE, configurationPid = SftpTargetProvider.PID)
@Designate(ocd = SftpTargetProvider.Config.class, factory = true)
public final class SftpTargetProvider extends LazyTarget {
    static final String PID = "org.ashlar.backup.sftp.SftpTarget";

    /** One target. */
    @ObjectClassDefinition(name = "Backup folder on an SSH server")
    public @interface Config {
        @AttributeDefinition(name = "Host", description = "Name or address")
        String host();

        @AttributeDefinition(name = "Port")
        String port();

        @AttributeDefinition(name = "User")
        String user();

        @AttributeDefinition(name = "Folder", description = "Absolute, or relative to the user's own")
        String folder();

        @AttributeDefinition(name = "Host key", description = "SHA-256 fingerprints, with commas between them; the host's must be one")
        String host_key();

        @AttributeDefinition(name = "Key file", description = "The user's private key; without one, a password is used", required = false)
        String key_file();
    }

    @Activate
    public SftpTargetProvider(BundleContext context, Map<String, Object> configuration) {
        this(Path.of(context.getProperty("ashlar.home")), new SftpTargetKind(), Map.copyOf(configuration));
    }

    private SftpTargetProvider(Path home, SftpTargetKind kind, Map<String, Object> configuration) {
        super(() -> kind.open(configuration, kind.credential(configuration).isEmpty() ? Credential.NONE
                : Credential.kept(home, Optional.ofNullable(configuration.get(BackupTarget.NAME)).map(String::valueOf).orElse("target"))));
    }

    @Deactivate
    @Override
    public void close() {
        super.close();
    }
}
