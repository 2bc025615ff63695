package org.ashlar.terminal;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.identity.Identity;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.api.service.Providers;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** The node as the commands see it. Methods may be called on any thread. */
final class NodeView {
    /** In whose name the commands speak. */
    static final ProcessId SELF = ProcessId.parse("terminal:terminal:sys");
    private static final String READY = "(osgi.condition.id=org.ashlar.ready)";

    private final BundleContext context;
    private final Providers<Kernel> kernels;
    private final ServiceComponentRuntime components;

    NodeView(BundleContext context, Providers<Kernel> kernels, ServiceComponentRuntime components) {
        this.context = context;
        this.kernels = kernels;
        this.components = components;
    }

    BundleContext context() {
        return context;
    }

    String home() {
        return context.getProperty("ashlar.home");
    }

    String version() {
        return Optional.ofNullable(context.getProperty("ashlar.version")).orElse("unknown");
    }

    long pid() {
        return ProcessHandle.current().pid();
    }

    Instant startedAt() {
        return Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
    }

    Duration uptime() {
        return Duration.between(startedAt(), Instant.now());
    }

    boolean ready() {
        try {
            return context.getServiceReferences((String) null, READY) != null;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The kernel, for one command. @throws CommandException when there is none at the moment */
    Providers.Lease<Kernel> kernel() throws CommandException {
        return kernels.lease(Providers.GRACE).orElseThrow(() -> CommandException.failed(
                "the node has no kernel at the moment; \"ashlar status\" tells what is wrong"));
    }

    /** The node's name, which is its address to other nodes; empty while there is no kernel. */
    Optional<String> name() {
        try (Providers.Lease<Kernel> lease = kernels.lease().orElse(null)) {
            return lease == null ? Optional.empty() : Optional.of(lease.service().address().node());
        }
    }

    /** Whether the node's key is encrypted on disk; empty while there is no identity. */
    Optional<Boolean> keyEncrypted() {
        ServiceReference<Identity> reference = context.getServiceReference(Identity.class);
        Identity identity = reference == null ? null : context.getService(reference);
        if (identity == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(identity.keyEncrypted());
        } finally {
            context.ungetService(reference);
        }
    }

    /** All processes; none while there is no kernel. */
    List<ProcessStatus> processes() {
        try (Providers.Lease<Kernel> lease = kernels.lease().orElse(null)) {
            return lease == null ? List.of() : lease.service().processes();
        }
    }

    /** What has gone wrong in the node's components, one line each. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (ComponentDescriptionDTO description : components.getComponentDescriptionDTOs()) {
            for (ComponentConfigurationDTO configuration : components.getComponentConfigurationDTOs(description)) {
                if (configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
                    problems.add(Printable.line(description.bundle.symbolicName.replace("org.ashlar.", "") + ": "
                            + cause(configuration.failure)));
                }
            }
        }
        return problems;
    }

    /** The innermost message of a stack trace: what a person can act on. */
    private static String cause(String stackTrace) {
        String text = stackTrace == null ? "" : stackTrace;
        String message = text.lines().findFirst().orElse("it did not start");
        // A component's own exception comes first, or wrapped by the reflection that called its constructor.
        if (message.startsWith("java.lang.reflect.InvocationTargetException")) {
            message = text.lines().filter(line -> line.startsWith("Caused by: ")).findFirst()
                    .map(line -> line.substring("Caused by: ".length())).orElse(message);
        }
        int colon = message.indexOf(": ");
        boolean named = colon > 0 && message.substring(0, colon).matches("[\\w.$]+(Exception|Error)");
        return named ? message.substring(colon + 2) : message;
    }
}
