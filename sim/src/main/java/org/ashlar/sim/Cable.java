package org.ashlar.sim;

import java.util.List;

/** A connection between two hosts: two {@linkplain CableEnd ends}. */
final class Cable {
    private final Wires wires;
    private final int number;
    private final CableEnd caller;
    private final CableEnd called;

    Cable(Wires wires, String from, String to, int number) {
        this.wires = wires;
        this.number = number;
        caller = new CableEnd(wires, this, from, to);
        called = new CableEnd(wires, this, to, from);
        caller.join(called);
        called.join(caller);
    }

    CableEnd caller() {
        return caller;
    }

    CableEnd called() {
        return called;
    }

    int number() {
        return number;
    }

    /** Both sides see it break. */
    void cut() {
        wires.note("cut " + number);
        ends().forEach(end -> end.broke("the connection was reset"));
    }

    void crashed(String host, boolean silently) {
        for (CableEnd end : ends()) {
            if (end.host().equals(host)) {
                end.crashed(silently);
            }
        }
    }

    void isOver() {
        if (caller.isOver() && called.isOver()) {
            wires.forget(this);
        }
    }

    private List<CableEnd> ends() {
        return List.of(caller, called);
    }
}
