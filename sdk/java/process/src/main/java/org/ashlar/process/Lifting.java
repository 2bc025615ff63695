package org.ashlar.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Reads what a host call returned. {@code at} is the address of the value's own storage. */
final class Lifting {

    private final Memory memory;

    Lifting(Memory memory) {
        this.memory = memory;
    }

    byte[] bytes(int at) {
        long head = memory.loadLong(at);
        byte[] value = new byte[(int) (head >>> 32)];
        memory.load((int) head, value);
        return value;
    }

    String string(int at) {
        return Utf8.decode(bytes(at));
    }

    Optional<String> optionalString(int at) {
        return isPresent(at) ? Optional.of(string(at + Layout.PAYLOAD_4)) : Optional.empty();
    }

    Optional<byte[]> optionalBytes(int at) {
        return isPresent(at) ? Optional.of(bytes(at + Layout.PAYLOAD_4)) : Optional.empty();
    }

    ProcessId processId(int at) {
        return new ProcessId(string(at + Layout.PROCESS_NAME), string(at + Layout.PACKAGE_NAME),
                string(at + Layout.PUBLISHER));
    }

    Address address(int at) {
        return new Address(string(at + Layout.NODE), processId(at + Layout.PROCESS));
    }

    List<Capability> capabilities(int at) {
        int element = memory.loadInt(at);
        int count = memory.loadInt(at + Layout.LENGTH);
        List<Capability> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(new Capability(address(element + Layout.ISSUER), string(element + Layout.PARAMS)));
            element += Layout.CAPABILITY_SIZE;
        }
        return values;
    }

    Optional<Blob> optionalBlob(int at) {
        if (!isPresent(at)) {
            return Optional.empty();
        }
        int blob = at + Layout.PAYLOAD_4;
        return Optional.of(new Blob(optionalString(blob + Layout.MIME), bytes(blob + Layout.BLOB_BYTES)));
    }

    /** {@code result<tuple<address, message>, tuple<send-error, option<context>>>}. */
    Mail received(int at, Address our) {
        int payload = at + Layout.PAYLOAD_8;
        return isError(at)
                ? sendError(payload, our, optionalBytes(payload + Layout.ERROR_CONTEXT))
                : message(address(payload), payload + Layout.DELIVERED_MESSAGE);
    }

    /** {@code result<tuple<address, message>, send-error>}. */
    Mail awaited(int at, Address our) {
        int payload = at + Layout.PAYLOAD_8;
        return isError(at)
                ? sendError(payload, our, Optional.empty())
                : message(address(payload), payload + Layout.DELIVERED_MESSAGE);
    }

    /** {@code result<process-id, spawn-error>}. */
    ProcessId spawned(int at, String wasmPath) {
        if (isError(at)) {
            int reason = memory.loadByte(at + Layout.PAYLOAD_4);
            throw new SpawnFailedException(wasmPath, SpawnFailedException.Reason.values()[reason]);
        }
        return processId(at + Layout.PAYLOAD_4);
    }

    OnExit onExit(int at) {
        return switch (memory.loadByte(at)) {
            case 0 -> OnExit.none();
            case 1 -> OnExit.restart();
            default -> new OnExit.Requests(exitRequests(at + Layout.PAYLOAD_4));
        };
    }

    private Message message(Address source, int at) {
        int payload = at + Layout.PAYLOAD_8;
        return memory.loadByte(at) == 0 ? request(source, payload) : response(source, payload);
    }

    private Request request(Address source, int at) {
        return new Request(source, isPresent(at + Layout.REQUEST_INHERIT), expectsResponse(at),
                bytes(at + Layout.REQUEST_BODY), optionalString(at + Layout.REQUEST_METADATA),
                capabilities(at + Layout.REQUEST_CAPABILITIES));
    }

    private OptionalLong expectsResponse(int at) {
        int option = at + Layout.REQUEST_EXPECTS;
        return isPresent(option) ? OptionalLong.of(memory.loadLong(option + Layout.PAYLOAD_8)) : OptionalLong.empty();
    }

    private Response response(Address source, int at) {
        return new Response(source, isPresent(at + Layout.RESPONSE_INHERIT), bytes(at + Layout.RESPONSE_BODY),
                optionalString(at + Layout.RESPONSE_METADATA), capabilities(at + Layout.RESPONSE_CAPABILITIES),
                optionalBytes(at + Layout.RESPONSE_CONTEXT));
    }

    private SendError sendError(int at, Address our, Optional<byte[]> context) {
        return new SendError(SendError.Kind.values()[memory.loadByte(at + Layout.ERROR_KIND)],
                address(at + Layout.ERROR_TARGET), message(our, at + Layout.ERROR_MESSAGE),
                optionalBlob(at + Layout.ERROR_BLOB), context);
    }

    private List<OutgoingRequest> exitRequests(int at) {
        int element = memory.loadInt(at);
        int count = memory.loadInt(at + Layout.LENGTH);
        List<OutgoingRequest> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(exitRequest(element));
            element += Layout.EXIT_SIZE;
        }
        return values;
    }

    private OutgoingRequest exitRequest(int at) {
        OutgoingRequest outgoing = new OutgoingRequest(address(at));
        int request = at + Layout.EXIT_REQUEST;
        outgoing.body(bytes(request + Layout.REQUEST_BODY));
        if (isPresent(request + Layout.REQUEST_INHERIT)) {
            outgoing.inherit();
        }
        expectsResponse(request).ifPresent(seconds -> outgoing.expects(seconds, TimeUnit.SECONDS));
        optionalString(request + Layout.REQUEST_METADATA).ifPresent(outgoing::metadata);
        capabilities(request + Layout.REQUEST_CAPABILITIES).forEach(outgoing::capability);
        optionalBlob(at + Layout.EXIT_BLOB).ifPresent(outgoing::blob);
        return outgoing;
    }

    private boolean isPresent(int at) {
        return memory.loadByte(at) != 0;
    }

    private boolean isError(int at) {
        return memory.loadByte(at) != 0;
    }
}
