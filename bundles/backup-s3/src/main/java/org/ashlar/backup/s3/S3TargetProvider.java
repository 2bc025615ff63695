package org.ashlar.backup.s3;

import java.nio.file.Path;
import java.util.Map;
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
 * Offers a part of a bucket as a target, one for each configuration.
 * <p>
 * Life cycle: the credential is read at the first use; the server is asked at each.
 */
@Component(service = BackupTarget.class, configurationPolicy = ConfigurationPolicy.REQUIRE, configurationPid = S3TargetProvider.PID)
@Designate(ocd = S3TargetProvider.Config.class, factory = true)
public final class S3TargetProvider extends LazyTarget {
    static final String PID = "org.ashlar.backup.s3.S3Target";

    /** One target. */
    @ObjectClassDefinition(name = "Backups in a bucket")
    public @interface Config {
        @AttributeDefinition(name = "Address", description = "That of the bucket: https://HOST/BUCKET/")
        String url();

        @AttributeDefinition(name = "Prefix", description = "What all names begin with; ends with a slash")
        String prefix() default "";

        @AttributeDefinition(name = "Region", description = "That requests are signed for")
        String region() default "us-east-1";

        @AttributeDefinition(name = "Certificate", description = "SHA-256 of the server's certificate, when it alone is trusted")
        String certificate() default "";
    }

    @Activate
    public S3TargetProvider(BundleContext context, Map<String, Object> configuration) {
        super(() -> new S3TargetKind().open(configuration, Credential.kept(Path.of(context.getProperty("ashlar.home")),
                String.valueOf(configuration.get(BackupTarget.NAME)))));
    }

    @Deactivate
    @Override
    public void close() {
        super.close();
    }
}
