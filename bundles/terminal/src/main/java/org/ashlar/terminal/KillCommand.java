package org.ashlar.terminal;

import java.io.IOException;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.codec.KernelCommand;
import org.ashlar.codec.KernelResponse;
import org.ashlar.control.Invocation;

/** {@code kill PROCESS}: by message to the kernel, as any process with that right would. */
final class KillCommand implements CommandHandler {
    private static final Address KERNEL = Address.parse("our@kernel:distro:sys");
    private static final int SECONDS = 10;

    private final NodeView node;

    KillCommand(NodeView node) {
        this.node = node;
    }

    @Override
    public void run(Invocation invocation, Session session) throws CommandException, IOException, InterruptedException {
        ProcessId id = process(invocation.arguments().getFirst());
        Optional<ProcessStatus> known = node.processes().stream().filter(process -> process.id().equals(id)).findFirst();
        if (known.isEmpty()) {
            throw CommandException.failed("there is no process " + id + " on this node; \"ashlar ps\" lists them");
        }
        if (known.get().kind() == ProcessStatus.Kind.SYSTEM) {
            throw CommandException.failed(id + " is a system process: it goes when its bundle does");
        }
        Request request = Request.of(new KernelCommand.KillProcess(id).encode()).expecting(SECONDS);
        byte[] body = Requests.ask(node, KERNEL, request, Optional.empty()).response().body();
        if (!(KernelResponse.parse(body) instanceof KernelResponse.KilledProcess)) {
            throw CommandException.failed(id + " was not killed; the kernel answered "
                    + new String(body, java.nio.charset.StandardCharsets.UTF_8));
        }
        if (session.screen().terminal()) {
            session.line(id + " is killed");
        }
    }

    static ProcessId process(String text) throws CommandException {
        try {
            return ProcessId.parse(text);
        } catch (IdentifierException e) {
            throw CommandException.wrongUsage(e.getMessage());
        }
    }
}
