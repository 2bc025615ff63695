package org.ashlar.kernel;

import java.util.Optional;
import java.util.function.BiConsumer;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.GuestHost;
import org.ashlar.api.process.GuestTrap;

/** Guests that several tests use. */
final class Scripts {
    /** Answers every Request with its body. */
    static final ScriptedRuntime.Script ECHO = serving((host, body) -> respond(host, body));

    /** Receives, answers nothing. */
    static final ScriptedRuntime.Script SILENT = serving((host, body) -> { });

    /** Traps at {@code trap}, ends at {@code exit}, echoes all else. */
    static final ScriptedRuntime.Script FRAGILE = host -> {
        while (true) {
            if (host.receive() instanceof Delivery.Received(var source, Request request, var context)) {
                switch (TestNode.text(request.body())) {
                    case "trap" -> throw new GuestTrap("told to trap");
                    case "exit" -> {
                        return;
                    }
                    default -> host.respond(Response.of(request.body()), Optional.empty());
                }
            }
        }
    };

    private Scripts() { }

    static ScriptedRuntime.Script serving(BiConsumer<GuestHost, String> each) {
        return host -> {
            while (true) {
                if (host.receive() instanceof Delivery.Received(var source, Request request, var context)) {
                    each.accept(host, TestNode.text(request.body()));
                }
            }
        };
    }

    static void respond(GuestHost host, String body) {
        host.respond(Response.of(body), Optional.empty());
    }
}
