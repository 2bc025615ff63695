package org.ashlar.terminal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.service.Providers;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * Serves the {@code ashlar} command.
 * <p>
 * Life cycle: from activation on it listens on the socket that the framework property {@code ashlar.socket} names (on none
 * without it), whether or not there is a kernel: so a person can ask what keeps the node from being ready. Kernels come and
 * go; a command that needs one waits for the next. Deactivation ends the commands that run.
 */
@Component(service = Terminal.class, immediate = true)
public final class Terminal {
    private final Providers<Kernel> kernels = new Providers<>();
    private final Optional<ControlServer> server;

    @Activate
    public Terminal(BundleContext context, @Reference ServiceComponentRuntime components, @Reference PrintHub prints)
            throws IOException {
        NodeView node = new NodeView(context, kernels, components);
        String socket = context.getProperty("ashlar.socket");
        server = socket == null ? Optional.empty() : Optional.of(ControlServer.open(Path.of(socket), handlers(node, prints)));
    }

    private static Map<String, CommandHandler> handlers(NodeView node, PrintHub prints) {
        Map<String, CommandHandler> handlers = new HashMap<>();
        FileCommands files = new FileCommands(node);
        files.addTo(handlers);
        NetCommands net = new NetCommands(node);
        new NodeCommands(node, files, net).addTo(handlers);
        new ProcessCommands(node).addTo(handlers);
        new PackageCommands(node).addTo(handlers);
        net.addTo(handlers);
        new LogCommands(node, prints).addTo(handlers);
        handlers.put("backup", new BackupCommand(node));
        handlers.put("m", new MessageCommand(node));
        handlers.put("engine", new EngineCommand(node));
        handlers.put("swap", new SwapCommand(node));
        handlers.put("kill", new KillCommand(node));
        handlers.put("verbosity", new VerbosityCommand(prints.verbosity()));
        return Map.copyOf(handlers);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addKernel(Kernel kernel, Map<String, Object> properties) {
        kernels.add(kernel, properties.get(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0);
    }

    void removeKernel(Kernel kernel) {
        kernels.remove(kernel);
    }

    @Deactivate
    void deactivate() throws IOException {
        if (server.isPresent()) {
            server.get().close();
        }
    }
}
