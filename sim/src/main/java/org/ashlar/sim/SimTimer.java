package org.ashlar.sim;

import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.codec.TimerAction;

/** The timer of a simulated node: {@code timer:distro:sys}, in simulated time. Its timers end with the run of the node. */
final class SimTimer implements SystemProcess {
    static final ProcessId ID = ProcessId.parse("timer:distro:sys");

    private final SimMachine machine;

    SimTimer(SimMachine machine) {
        this.machine = machine;
    }

    @Override
    public void handle(Envelope request, Reply reply) {
        if (TimerAction.parse(request.message().body()) instanceof TimerAction.SetTimer(long millis)) {
            machine.start("timer", () -> {
                machine.park(TimeUnit.MILLISECONDS.toNanos(millis));
                reply.respond(Response.of(new byte[0]));
            });
        }
    }
}
