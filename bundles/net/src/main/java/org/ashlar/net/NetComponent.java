package org.ashlar.net;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ashlar.api.identity.Identity;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SendError;
import org.ashlar.api.net.Directory;
import org.ashlar.api.net.NodeCard;
import org.ashlar.api.net.Transport;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.PrintSink;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.service.Providers;
import org.ashlar.codec.CardText;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.NetCommand;
import org.ashlar.codec.NetReport;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * The system process {@code net:distro:sys}: the kernel gives it what is for other nodes, and it gives the kernel what comes
 * from there.
 * <p>
 * Life cycle: the network begins when there is an identity; transports, directories and kernels come and go. When it is
 * deactivated, what waits to be sent is handed back for the successor; what was sent and not answered ends as a send error.
 */
@Component(service = SystemProcess.class,
        property = {SystemProcess.ID + "=net:distro:sys", SystemProcess.NETWORK + ":Boolean=true"})
public final class NetComponent implements SystemProcess {
    private static final ProcessId TERMINAL = ProcessId.parse("terminal:terminal:sys");

    private final Lines lines;
    private final Providers<Kernel> kernels = new Providers<>();
    private final Transports transports = new Transports();
    private final AddressBook book = new AddressBook();
    private final Settings settings;
    private final int maxPeers;
    private final Machine machine;
    /** Guarded by this: all transports that there are. */
    private final Set<Transport> carriers = new LinkedHashSet<>();
    /** Guarded by this for changes; empty until there is an identity. */
    private volatile Optional<Running> running = Optional.empty();

    /** What there is once the node has a name. */
    private record Running(Identity identity, Network network, Doors doors, Actions actions, Commands commands, Ticker ticker) { }

    @Activate
    public NetComponent(BundleContext context) {
        this(Settings.read(context::getProperty), Settings.peers(context::getProperty), new SystemMachine());
    }

    NetComponent(Settings settings, int maxPeers, Machine machine) {
        this.settings = settings;
        this.maxPeers = maxPeers;
        this.machine = machine;
        lines = new Lines(machine);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void addIdentity(Identity identity) {
        if (running.isPresent()) {
            return;
        }
        Network network = new Network(identity, kernels, transports, book, lines, machine, settings, maxPeers);
        Doors doors = new Doors(settings, lines, machine, network::accepted);
        Actions actions = new Actions(identity, network, book, doors, lines, machine);
        Claims claims = new Claims(identity, network, book, lines);
        Commands commands = new Commands(identity, network, book, actions, claims);
        Ticker ticker = new Ticker(machine, () -> {
            network.tick();
            claims.tellNews();
        });
        running = Optional.of(new Running(identity, network, doors, actions, commands, ticker));
        carriers.forEach(doors::open);
        announce();
    }

    /** The node keeps the name it has. */
    void removeIdentity(Identity identity) { }

    /** Tells directories this node's card, which may have changed. */
    private void announce() {
        running.ifPresent(now -> {
            NodeCard own = now.actions().own();
            byte[] signature = now.identity().sign(CardText.signedBytes(own));
            book.directories().forEach(directory -> directory.announce(own, signature));
        });
    }

    Network network() {
        return running.orElseThrow().network();
    }

    @Override
    public void handle(Envelope request, Reply reply) throws IOException {
        if (running.isEmpty()) {
            reply.fail(SendError.Kind.OFFLINE);
            return;
        }
        Running now = running.get();
        String here = now.network().name();
        if (!request.target().node().equals(here)) {
            now.network().send(request, reply.expected() ? Optional.of(reply) : Optional.empty());
        } else if (!request.source().node().equals(here)) {
            now.actions().fromOther(request, reply);
        } else if (!command(now.commands(), request, reply) && !now.actions().fromHere(request, reply)) {
            now.actions().hi(request);
            reply.respond(Response.of("ack"));
        }
    }

    /** Whether it was a command of the person who runs the node. */
    private boolean command(Commands commands, Envelope request, Reply reply) {
        byte[] body = request.message().body();
        if (!request.source().process().equals(TERMINAL) || body.length == 0) {
            return false;
        }
        NetCommand command;
        try {
            command = NetCommand.parse(body);
        } catch (CodecException e) {
            return false;
        }
        try {
            reply.respond(Response.of(machine.call(() -> commands.run(command)).encode()));
        } catch (IOException e) {
            reply.respond(Response.of(new NetReport.Err(e.getMessage()).encode()));
        }
        return true;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addTransport(Transport transport, Map<String, Object> properties) {
        transports.add(transport, ranking(properties));
        synchronized (this) {
            carriers.add(transport);
            running.ifPresent(now -> now.doors().open(transport));
        }
        announce();
    }

    /** Takes at most {@link Providers#DEPARTURE}, most of it for what is under way over the transport's connections. */
    void removeTransport(Transport transport) {
        long deadline = machine.nanos() + Providers.DEPARTURE.toNanos();
        transports.hide(transport).await(Limits.LEASES);
        synchronized (this) {
            carriers.remove(transport);
            running.ifPresent(now -> now.doors().close(transport));
        }
        running.ifPresent(now -> now.network().drain(transport, Duration.ofNanos(deadline - machine.nanos())));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addDirectory(Directory directory, Map<String, Object> properties) {
        book.add(directory, ranking(properties));
        announce();
    }

    void removeDirectory(Directory directory) {
        book.remove(directory);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addKernel(Kernel kernel, Map<String, Object> properties) {
        kernels.add(kernel, ranking(properties));
    }

    void removeKernel(Kernel kernel) {
        kernels.remove(kernel);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addSink(PrintSink sink) {
        lines.add(sink);
    }

    void removeSink(PrintSink sink) {
        lines.remove(sink);
    }

    @Deactivate
    void close() {
        running.ifPresent(now -> {
            now.doors().close();
            now.network().close();
            now.ticker().close();
        });
        machine.close();
    }

    private static int ranking(Map<String, Object> properties) {
        return properties.get(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0;
    }
}
