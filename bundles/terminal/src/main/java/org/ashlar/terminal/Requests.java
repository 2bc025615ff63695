package org.ashlar.terminal;

import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.SendFailedException;
import org.ashlar.api.service.Providers;

/** Asks a process on behalf of a person. */
final class Requests {
    private Requests() { }

    /**
     * Waits for the answer.
     *
     * @throws CommandException when none comes: says why
     */
    static Answer ask(NodeView node, Address target, Request request, Optional<Blob> blob)
            throws CommandException, InterruptedException {
        return ask(node, NodeView.SELF, target, request, blob);
    }

    /** As above, in the name of another process of the terminal's. */
    static Answer ask(NodeView node, ProcessId from, Address target, Request request, Optional<Blob> blob)
            throws CommandException, InterruptedException {
        try (Providers.Lease<Kernel> kernel = node.kernel()) {
            return kernel.service().ask(from, target, request, blob).toCompletableFuture().get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() instanceof CompletionException wrapped ? wrapped.getCause() : e.getCause();
            if (cause instanceof SendFailedException failed) {
                throw CommandException.failed(failed.getMessage());
            }
            throw CommandException.failed(target + " cannot be asked: " + cause.getMessage());
        }
    }
}
