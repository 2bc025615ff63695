package org.ashlar.api.process;

/** Receives what processes and the kernel print (whiteboard: register it as a service). */
@FunctionalInterface
public interface PrintSink {
    /** Called on the printing thread, possibly many at once; must not block and must not throw. */
    void print(Printout printout);
}
