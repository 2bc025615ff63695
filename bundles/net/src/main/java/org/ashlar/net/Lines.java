package org.ashlar.net;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.PrintSink;
import org.ashlar.api.process.Printout;

/** What the network says to the person who runs the node. */
final class Lines {
    static final ProcessId SELF = ProcessId.parse("net:distro:sys");

    private final List<PrintSink> sinks = new CopyOnWriteArrayList<>();
    private final Machine machine;

    Lines(Machine machine) {
        this.machine = machine;
    }

    void add(PrintSink sink) {
        sinks.add(sink);
    }

    void remove(PrintSink sink) {
        sinks.remove(sink);
    }

    /** @param verbosity 0 for what everybody should see, up to 3 */
    void print(int verbosity, String text) {
        Printout line = new Printout(machine.now(), SELF, verbosity, text);
        sinks.forEach(sink -> sink.print(line));
    }
}
