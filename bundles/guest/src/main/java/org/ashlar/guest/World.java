package org.ashlar.guest;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.GuestTrap;
import org.ashlar.component.HostFunction;
import org.ashlar.component.Linker;
import org.ashlar.component.Shapes;
import org.ashlar.component.Unit;

/** The functions of the guest world, each a line that says what becomes of its arguments and its result. */
final class World {
    /** The interface has two names; nothing else differs. */
    static final List<String> INTERFACES = List.of("kinode:process/standard@1.0.0", "hyperware:process/standard@1.0.0");

    private static final Map<String, HostFunction<Run>> FUNCTIONS = Map.ofEntries(
            Map.entry("print-to-terminal", (run, a) -> {
                run.host().print((Integer) a[0], (String) a[1]);
                return Unit.VALUE;
            }),
            Map.entry("our", (run, a) -> run.host().our()),
            Map.entry("get-on-exit", (run, a) -> run.lower().onExit(run.host().onExit())),
            Map.entry("set-on-exit", (run, a) -> {
                run.host().setOnExit(Lifting.onExit(a[0]));
                return Unit.VALUE;
            }),
            Map.entry("get-state", (run, a) -> run.host().state()),
            Map.entry("set-state", (run, a) -> {
                run.host().setState((byte[]) a[0]);
                return Unit.VALUE;
            }),
            Map.entry("clear-state", (run, a) -> {
                run.host().clearState();
                return Unit.VALUE;
            }),
            Map.entry("spawn", (run, a) -> Lowering.spawned(run.host().spawn(Lifting.spawn(a)))),
            Map.entry("save-capabilities", (run, a) -> {
                run.host().saveCapabilities(Lifting.capabilities(a[0]));
                return Unit.VALUE;
            }),
            Map.entry("drop-capabilities", (run, a) -> {
                run.host().dropCapabilities(Lifting.capabilities(a[0]));
                return Unit.VALUE;
            }),
            Map.entry("our-capabilities", (run, a) -> run.host().capabilities()),
            Map.entry("receive", (run, a) -> run.lower().delivery(run.receive())),
            Map.entry("has-blob", (run, a) -> run.host().hasBlob()),
            Map.entry("get-blob", (run, a) -> run.lower().blob(run.host().blob())),
            Map.entry("last-blob", (run, a) -> run.lower().blob(run.host().lastBlob())),
            Map.entry("send-request", (run, a) -> {
                run.host().send(Lifting.outgoing(a));
                return Unit.VALUE;
            }),
            Map.entry("send-requests", (run, a) -> {
                // all are read first: a malformed one must not leave the others half sent
                ((List<?>) a[0]).stream().map(each -> Lifting.outgoing((Object[]) each)).toList()
                        .forEach(run.host()::send);
                return Unit.VALUE;
            }),
            Map.entry("send-response", (run, a) -> {
                run.host().respond((Response) a[0], Lifting.blob(a[1]));
                return Unit.VALUE;
            }),
            Map.entry("send-and-await-response", (run, a) -> run.lower().delivery(run.host()
                    .sendAndAwait((Address) a[0], (Request) a[1], Lifting.blob(a[2])))));

    /** Those that only look at what the run itself has: an overflow in them breaks nothing. */
    private static final Set<String> LOOKS = Set.of("our", "has-blob", "get-blob", "last-blob");

    private World() { }

    /** Binds the world, under both its names. */
    static void define(Linker.Builder<Run> linker) {
        Shapes shapes = WorldShapes.make();
        for (String name : INTERFACES) {
            FUNCTIONS.forEach((function, body) -> linker.define(name, function,
                    LOOKS.contains(function) ? body : new Guarded(function, body), shapes));
        }
    }

    /** A function that reaches the kernel. */
    private record Guarded(String name, HostFunction<Run> body) implements HostFunction<Run> {
        @Override
        public Object call(Run run, Object[] arguments) {
            run.stack().ensure();
            try {
                return body.call(run, arguments);
            } catch (IdentifierException e) {
                throw refused(e);
            }
        }

        @Override
        public RuntimeException refused(IllegalArgumentException refusal) {
            return new GuestTrap(name + ": " + refusal.getMessage());
        }
    }
}
