package org.ashlar.terminal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.service.Providers;
import org.ashlar.control.Invocation;

/** {@code m ADDRESS BODY [-a SECONDS]}. */
final class MessageCommand implements CommandHandler {
    /** Longest wait for a Response, in seconds: a day. */
    static final long MAX_SECONDS = 86_400;

    private final NodeView node;

    MessageCommand(NodeView node) {
        this.node = node;
    }

    @Override
    public void run(Invocation invocation, Session session) throws CommandException, IOException, InterruptedException {
        Address target = address(invocation.arguments().get(0));
        Request request = Request.of(invocation.arguments().get(1));
        Optional<String> seconds = invocation.option("a");
        if (seconds.isEmpty()) {
            tell(target, request);
            return;
        }
        Answer answer = Requests.ask(node, target, request.expecting(seconds(seconds.get())), Optional.empty());
        byte[] body = answer.response().body();
        if (session.screen().terminal()) {
            session.line(Printable.lines(new String(body, StandardCharsets.UTF_8)));
        } else {
            session.out(body);
        }
    }

    /** Nobody tells the sender of such a Request that it went nowhere, so a target that is not there is refused before. */
    private void tell(Address target, Request request) throws CommandException {
        try (Providers.Lease<Kernel> lease = node.kernel()) {
            Kernel kernel = lease.service();
            String our = kernel.address().node();
            ProcessId process = target.process();
            if (target.resolve(our).node().equals(our)
                    && kernel.processes().stream().noneMatch(known -> known.id().equals(process))) {
                throw CommandException.failed("there is no process " + process + " on this node; \"ashlar ps\" lists them");
            }
            kernel.tell(NodeView.SELF, target, request, Optional.empty());
        }
    }

    private static Address address(String text) throws CommandException {
        try {
            return Address.parse(text);
        } catch (IdentifierException e) {
            throw CommandException.wrongUsage(e.getMessage());
        }
    }

    private static long seconds(String text) throws CommandException {
        if (!text.matches("[0-9]{1,6}") || Long.parseLong(text) < 1 || Long.parseLong(text) > MAX_SECONDS) {
            throw CommandException.wrongUsage("-a takes whole seconds from 1 to " + MAX_SECONDS + ", not \"" + text + "\"");
        }
        return Long.parseLong(text);
    }
}
