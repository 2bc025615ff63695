package org.ashlar.kernel;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.PrintSink;
import org.ashlar.api.process.Printout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings what processes and the kernel print to whoever shows it. Never blocks on a sink. */
final class Printer {
    /** Longest text of one printout, in characters; the rest is cut off. */
    static final int MAX_TEXT = 64 << 10;
    private static final Logger LOG = LoggerFactory.getLogger("ashlar.print");

    private final NodeClock clock;
    private final List<PrintSink> sinks = new CopyOnWriteArrayList<>();

    Printer(NodeClock clock) {
        this.clock = clock;
    }

    void add(PrintSink sink) {
        sinks.add(sink);
    }

    void remove(PrintSink sink) {
        sinks.remove(sink);
    }

    /** @param verbosity 0 is shown to everyone */
    void print(ProcessId source, int verbosity, String text) {
        String shown = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : text;
        Printout printout = new Printout(clock.now(), source, verbosity, shown);
        for (PrintSink sink : sinks) {
            try {
                sink.print(printout);
            } catch (RuntimeException | Error e) {
                // such as NoClassDefFoundError, of a sink whose bundle has just stopped
                LOG.warn("a print sink failed", e);
            }
        }
    }
}
