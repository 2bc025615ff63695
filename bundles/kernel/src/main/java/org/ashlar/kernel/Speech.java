package org.ashlar.kernel;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SendError;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.SendFailedException;

/** What system processes say through the {@code Kernel} service, and why they were not answered. Any thread may call. */
final class Speech {
    private final Node node;

    Speech(Node node) {
        this.node = node;
    }

    CompletionStage<Answer> ask(ProcessId from, Address target, Request request, Optional<Blob> blob) {
        if (request.expectsResponse().isEmpty() || request.inherit()) {
            throw new IllegalArgumentException("to ask, a Request must expect a Response and not inherit");
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        post(from, target, request, blob, end -> complete(answer, end));
        return answer;
    }

    void tell(ProcessId from, Address target, Request request, Optional<Blob> blob) {
        if (request.expectsResponse().isPresent() || request.inherit()) {
            throw new IllegalArgumentException("to tell, a Request must expect no Response and not inherit");
        }
        post(from, target, request, blob, null);
    }

    private void post(ProcessId from, Address target, Request request, Optional<Blob> blob, Exchange.Waiter waiter) {
        SystemSlot sender = node.systemSlot(from).orElseThrow(() -> new IllegalArgumentException(
                from + " is a guest; only itself can speak in its name"));
        if (node.outbox().post(sender, target, request, blob, waiter).isEmpty()) {
            throw new IllegalStateException(from + " has " + Outstanding.MAX + " Requests without an answer");
        }
        if (node.isStopping()) {
            // No clock will end what comes after everything has been ended.
            sender.outstanding().failAll();
        }
    }

    private void complete(CompletableFuture<Answer> answer, Item.End end) {
        switch (end) {
            case Item.Answered(Exchange exchange, Envelope response) -> answer.complete(new Answer(response.source(),
                    (Response) response.message(), response.blob()));
            case Item.Failed(Exchange exchange, SendError.Kind kind) -> {
                Envelope request = exchange.request();
                answer.completeExceptionally(new SendFailedException(new SendError(kind, request.target(),
                        request.message(), request.blob()), reason(exchange, kind)));
            }
        }
    }

    /** When its Request was sent, on the node's clock; at the earliest. */
    private static long sentAt(Exchange exchange) {
        long seconds = ((Request) exchange.request().message()).expectsResponse().orElse(0);
        return exchange.deadline() - TimeUnit.SECONDS.toNanos(Math.max(0, seconds));
    }

    private String reason(Exchange exchange, SendError.Kind kind) {
        Address target = exchange.request().target();
        if (kind == SendError.Kind.OFFLINE) {
            return "the node " + target.node() + " cannot be reached";
        }
        boolean local = target.node().equals(node.name());
        Optional<String> failure = local ? node.failures().since(target.process(), sentAt(exchange)) : Optional.empty();
        if (local && failure.isEmpty() && node.slots().get(target.process()) == null) {
            return "there is no process " + target.process() + " on this node";
        }
        if (node.clock().nanos() >= exchange.deadline()) {
            return target + " did not answer in time";
        }
        return failure.map(why -> target + " ended with an error before it answered: " + why.lines().findFirst().orElse("")).orElse(
                target + " ended without answering, or may not be spoken to");
    }
}
