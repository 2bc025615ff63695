package org.ashlar.net;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.tck.RecordedReply;

/** Of a kernel what a network asks of one: brings what comes in to the functions of a {@link TestNode}. */
final class FunctionKernel implements Kernel {
    private final TestNode node;

    FunctionKernel(TestNode node) {
        this.node = node;
    }

    @Override
    public Address address() {
        return new Address(node.name(), ProcessId.parse("kernel:distro:sys"));
    }

    @Override
    public CompletionStage<Answer> ask(ProcessId from, Address target, Request request, Optional<Blob> blob) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void tell(ProcessId from, Address target, Request request, Optional<Blob> blob) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean chooseEngine(ProcessId process, Optional<String> engine) {
        throw new UnsupportedOperationException("net chooses no engines");
    }

    @Override
    public List<ProcessStatus> processes() {
        return List.of();
    }

    @Override
    public Optional<String> failure(ProcessId process) {
        return Optional.empty();
    }

    @Override
    public Arrival arrive(Envelope request, Consumer<Envelope> answered) {
        String process = request.target().process().toString();
        if (node.full.contains(process)) {
            return Arrival.NO_ROOM;
        }
        node.received.add(request);
        if (process.equals("net:distro:sys")) {
            RecordedReply reply = new RecordedReply();
            node.handle(request, reply);
            // Not all that is asked of it has an answer.
            reply.whenDone(() -> Thread.ofVirtual().start(() -> answered.accept(answer(request, reply.answer().response()))));
        } else if (node.processes.containsKey(process)) {
            Response response = node.processes.get(process).apply(request);
            if (response != null) {
                answered.accept(answer(request, response));
            }
        }
        return Arrival.TAKEN;
    }

    private Envelope answer(Envelope request, Response response) {
        return new Envelope(request.id(), request.target(), request.respondTo(), Optional.empty(), response, Optional.empty());
    }
}
