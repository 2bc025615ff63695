package org.ashlar.api.process;

import java.time.Instant;
import org.ashlar.api.message.ProcessId;

/**
 * A line for the person at the terminal.
 *
 * @param time      when it was printed
 * @param source    the process it comes from or speaks of
 * @param verbosity 0: shown to everyone; 1 to 3: shown when asked for
 * @param text      what to show; may contain anything a guest wrote, control characters included
 */
public record Printout(Instant time, ProcessId source, int verbosity, String text) { }
