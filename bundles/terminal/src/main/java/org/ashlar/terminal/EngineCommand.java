package org.ashlar.terminal;

import java.io.IOException;
import java.util.Optional;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.api.service.Providers;
import org.ashlar.control.Invocation;

/** {@code engine PROCESS [NAME|default]}: which engine runs one process. */
final class EngineCommand implements CommandHandler {
    private static final String DEFAULT = "default";

    private final NodeView node;

    EngineCommand(NodeView node) {
        this.node = node;
    }

    @Override
    public void run(Invocation invocation, Session session) throws CommandException, IOException {
        ProcessId id = KillCommand.process(invocation.arguments().getFirst());
        if (invocation.arguments().size() == 2) {
            choose(id, invocation.arguments().get(1));
        }
        ProcessStatus status = node.processes().stream()
                .filter(process -> process.id().equals(id) && process.kind() == ProcessStatus.Kind.GUEST).findFirst()
                .orElseThrow(() -> noGuest(id));
        session.line("runs on " + status.runtime().orElse("nothing at the moment") + "; is to run on "
                + status.wantedEngine().orElse("the default engine"));
    }

    private void choose(ProcessId id, String name) throws CommandException {
        if (!name.matches("[a-z0-9-]{1,64}")) {
            throw CommandException.wrongUsage("the name of an engine is made of a-z, 0-9 and -, such as chicory");
        }
        try (Providers.Lease<Kernel> kernel = node.kernel()) {
            if (!kernel.service().chooseEngine(id, name.equals(DEFAULT) ? Optional.empty() : Optional.of(name))) {
                throw noGuest(id);
            }
        }
    }

    private static CommandException noGuest(ProcessId id) {
        return CommandException.failed("there is no guest " + id + " on this node; \"ashlar ps\" lists the processes");
    }
}
