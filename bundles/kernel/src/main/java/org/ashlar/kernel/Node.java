package org.ashlar.kernel;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.GuestRuntime;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.service.Providers;
import org.ashlar.api.store.FileStore;
import org.ashlar.api.store.StateStore;
import org.ashlar.kernel.Workshop.Loaded;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kernel of one node: puts its parts together, and is what other bundles see of it. */
final class Node implements Kernel {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private final Address address;
    private final Machine machine;
    private final Services services;
    private final Consumer<ProcessId> stopper;
    private final Slots slots = new Slots();
    private final Agenda agenda = new Agenda();
    private final Images images = new Images();
    private final Printer printer;
    private final CapabilityTable capabilities;
    private final Router router;
    private final Dispatch dispatch;
    private final Outbox outbox;
    private final Grants grants;
    private final Ledger ledger;
    private final Workshop workshop;
    private final Guests guests;
    private final Spawner spawner;
    private final Failures failures = new Failures();
    private final Upkeep upkeep = new Upkeep(this);
    private final Journal journal;
    private final Arrivals arrivals;
    private final Speech speech = new Speech(this);
    private volatile boolean stopping;

    /**
     * @param name    the node's name
     * @param stopper told when a process asks the node to stop
     */
    Node(String name, Machine machine, Services services, Printer printer, Consumer<ProcessId> stopper) {
        this.address = new Address(name, ProcessId.parse("kernel:distro:sys"));
        this.machine = machine;
        this.services = services;
        this.stopper = stopper;
        this.printer = printer;
        this.capabilities = new CapabilityTable(name);
        this.router = new Router(address, slots, capabilities, printer);
        this.dispatch = new Dispatch(machine.clock(), machine.ids(), agenda);
        this.outbox = new Outbox(this);
        this.ledger = new Ledger(services.stores(), machine.heap());
        this.journal = new Journal(ledger);
        this.arrivals = new Arrivals(this);
        this.grants = new Grants(this);
        this.workshop = new Workshop(services.runtimes(), services.files(), images, machine);
        this.guests = new Guests(this);
        this.spawner = new Spawner(this);
        SystemSlot kernel = new SystemSlot(address, this, machine.commands());
        slots.add(kernel);
        kernel.arrive(new Commands(this), Map.of());
    }

    String name() {
        return address.node();
    }

    ProcessId kernelId() {
        return address.process();
    }

    NodeClock clock() {
        return machine.clock();
    }

    GuestThreads threads() {
        return machine.threads();
    }

    NodeHeap heap() {
        return machine.heap();
    }

    Slots slots() {
        return slots;
    }

    Agenda agenda() {
        return agenda;
    }

    Images images() {
        return images;
    }

    Services services() {
        return services;
    }

    Printer printer() {
        return printer;
    }

    CapabilityTable capabilities() {
        return capabilities;
    }

    Router router() {
        return router;
    }

    Dispatch dispatch() {
        return dispatch;
    }

    Journal journal() {
        return journal;
    }

    Failures failures() {
        return failures;
    }

    Outbox outbox() {
        return outbox;
    }

    Arrivals arrivals() {
        return arrivals;
    }

    Grants grants() {
        return grants;
    }

    Ledger ledger() {
        return ledger;
    }

    Workshop workshop() {
        return workshop;
    }

    Guests guests() {
        return guests;
    }

    Spawner spawner() {
        return spawner;
    }

    long randomId() {
        return machine.ids().getAsLong();
    }

    boolean isStopping() {
        return stopping;
    }

    /** Whether that can be started: what it was loaded on is still there. */
    boolean isThere(Loaded loaded) {
        return loaded.program().isThere() && services.runtimes().all().contains(loaded.runtime());
    }

    /** Whether that is what would run its component now. */
    boolean isCurrent(Loaded loaded, Optional<String> engine) {
        return services.runtimes().preferred().filter(preferred -> preferred == loaded.runtime()).isPresent()
                && loaded.program().current(engine);
    }

    /** The capability with {@code our} in its issuer replaced by this node's name. */
    Capability resolve(Capability capability) {
        Address issuer = capability.issuer().resolve(name());
        return issuer == capability.issuer() ? capability : new Capability(issuer, capability.params());
    }

    /** For the person who runs the node. */
    void warn(String text) {
        LOG.warn(text);
        printer.print(kernelId(), 0, text);
    }

    /** For the person who runs the node, with the stack trace in the log. */
    void report(String text, Throwable cause) {
        LOG.error(text, cause);
        printer.print(kernelId(), 0, text + ": " + cause);
    }

    void askToStop(ProcessId by) {
        stopper.accept(by);
    }

    /** A provider of the system process {@code id} came. @param properties of its service */
    void arrive(ProcessId id, SystemProcess provider, Map<String, Object> properties) {
        systemSlot(id).ifPresentOrElse(slot -> slot.arrive(provider, properties),
                () -> warn("there is already a guest " + id + "; the system process of that name is not served"));
    }

    void depart(ProcessId id, SystemProcess provider) {
        if (slots.get(id) instanceof SystemSlot slot) {
            slot.depart(provider);
        }
    }

    /** The slot of a system process, made when it is not there; empty when a guest has that id. */
    Optional<SystemSlot> systemSlot(ProcessId id) {
        if (slots.get(id) == null) { // asked for each message: adding takes a lock, behind which guests would wait
            SystemSlot made = new SystemSlot(new Address(name(), id), this, machine.calls());
            if (slots.add(made)) {
                agenda.add(made, clock().nanos());
            }
        }
        return slots.get(id) instanceof SystemSlot slot ? Optional.of(slot) : Optional.empty();
    }

    /** To be called every few tens of milliseconds, by one thread. */
    void tick() {
        upkeep.tick();
    }

    /** Ends all guests, bounded, and tells whoever waits; everything acknowledged is on disk already. */
    void stop(Duration patience) {
        stopping = true;
        guests.stopAll(patience);
        workshop.close();
        slots.all().forEach(slot -> slot.outstanding().failAll());
        arrivals.remotes().forEach(slot -> slot.outstanding().failAll());
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public Arrival arrive(Envelope request, Consumer<Envelope> answered) {
        return arrivals.take(request, answered);
    }

    @Override
    public boolean chooseEngine(ProcessId process, Optional<String> engine) {
        Optional<GuestSlot> guest = slots.guest(process);
        guest.ifPresent(slot -> guests.chooseEngine(slot, engine));
        return guest.isPresent();
    }

    @Override
    public List<ProcessStatus> processes() {
        return slots.all().stream().map(Slot::status).sorted((a, b) -> a.id().compareTo(b.id())).toList();
    }

    @Override
    public Optional<String> failure(ProcessId id) {
        return failures.of(id);
    }

    @Override
    public CompletionStage<Answer> ask(ProcessId from, Address target, Request request, Optional<Blob> blob) {
        return speech.ask(from, target, request, blob);
    }

    @Override
    public void tell(ProcessId from, Address target, Request request, Optional<Blob> blob) {
        speech.tell(from, target, request, blob);
    }
}
