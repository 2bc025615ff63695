package org.ashlar.timer;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.PrintSink;
import org.ashlar.api.process.Printout;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.TimerAction;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * The system process {@code timer:distro:sys} (reference-kernel 8.1).
 * <p>
 * Life cycle: when it departs, it hands its timers back; the successor takes them up with the time that is left.
 */
@Component(service = SystemProcess.class,
        property = {SystemProcess.ID + "=timer:distro:sys", SystemProcess.PUBLIC + ":Boolean=true"})
public final class TimerProcess implements SystemProcess {
    private static final ProcessId SELF = ProcessId.parse("timer:distro:sys");
    private static final int TOLD = 1024;

    private final Timers timers;
    private final List<PrintSink> sinks = new CopyOnWriteArrayList<>();
    /** Senders that were told once that they have too many. */
    private final Set<Address> told = ConcurrentHashMap.newKeySet();

    @Activate
    public TimerProcess() {
        this(Clock.systemUTC());
    }

    TimerProcess(Clock clock) {
        timers = new Timers(clock);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addSink(PrintSink sink) {
        sinks.add(sink);
    }

    void removeSink(PrintSink sink) {
        sinks.remove(sink);
    }

    @Deactivate
    void close() {
        timers.close();
    }

    @Override
    public void handle(Envelope envelope, Reply reply) {
        if (!envelope.source().node().equals(envelope.target().node())) {
            return;
        }
        try {
            switch (TimerAction.parse(envelope.message().body())) {
                case TimerAction.SetTimer(long millis) -> set(envelope, reply, millis);
                case TimerAction.Debug debug -> describe();
            }
        } catch (CodecException e) {
            print(1, envelope.source() + " sent what is no timer request: " + e.getMessage());
        }
    }

    /**
     * At the limit no timer is set, and the Request ends as a send error at once: an answer would look like a timer that is
     * due.
     */
    private void set(Envelope envelope, Reply reply, long millis) {
        if (!reply.expected() || outlasts(envelope, millis)) {
            return;
        }
        switch (timers.set(envelope.source(), reply, millis)) {
            case SET -> { }
            case CLOSED -> reply.handBack();
            case TOO_MANY -> refuse(envelope.source(), reply, "the node has " + Timers.MAX + " timers, the most there may be");
            case TOO_MANY_OF_SENDER -> refuse(envelope.source(), reply, "it has " + Timers.MAX_PER_SENDER
                    + " timers, the most one process may have");
        }
    }

    /** Whether nobody will wait any more when the timer is due. */
    private static boolean outlasts(Envelope envelope, long millis) {
        OptionalLong seconds = envelope.message() instanceof Request request ? request.expectsResponse() : OptionalLong.empty();
        return seconds.isPresent() && Long.compareUnsigned(Long.divideUnsigned(millis, 1000), seconds.getAsLong()) > 0;
    }

    private void refuse(Address sender, Reply reply, String why) {
        reply.refuse();
        if (told.size() < TOLD && told.add(sender)) {
            print(0, "no timer is set for " + sender + ": " + why);
        }
    }

    private void describe() {
        print(0, timers.count() + " timers run");
        new TreeMap<>(timers.counts()).forEach((sender, count) -> print(0, "  " + count + " for " + sender));
    }

    private void print(int verbosity, String text) {
        Printout line = new Printout(Instant.now(), SELF, verbosity, text);
        sinks.forEach(sink -> sink.print(line));
    }
}
