package org.ashlar.backup.rest;

import java.nio.file.Path;
import java.util.Map;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.LazyTarget;
import org.ashlar.http.HttpTargetKind;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Offers a folder on a server as a target, one for each configuration.
 * <p>
 * Life cycle: the credential is read at the first use; the server is asked at each.
 */
@Component(service = BackupTarget.class, configurationPolicy = ConfigurationPolicy.REQUIRE, configurationPid = RestTargetProvider.PID)
@Designate(ocd = RestTargetProvider.Config.class, factory = true)
public final class RestTargetProvider extends LazyTarget {
    static final String PID = "org.ashlar.backup.rest.RestTarget";

    /** One target. */
    @ObjectClassDefinition(name = "Backups on a REST server")
    public @interface Config {
        @AttributeDefinition(name = "Address", description = "https://HOST/PATH")
        String url();

        @AttributeDefinition(name = "User", description = "Whose password is sent; none: nobody's")
        String user() default "";

        @AttributeDefinition(name = "Certificate", description = "SHA-256 of the server's certificate, when it alone is trusted")
        String certificate() default "";
    }

    @Activate
    public RestTargetProvider(BundleContext context, Map<String, Object> configuration) {
        super(() -> HttpTargetKind.open(Path.of(context.getProperty("ashlar.home")), configuration, RestTarget::new));
    }

    @Deactivate
    @Override
    public void close() {
        super.close();
    }
}
