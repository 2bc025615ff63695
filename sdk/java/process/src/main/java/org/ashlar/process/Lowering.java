package org.ashlar.process;

import java.util.List;
import java.util.Optional;

/** Writes values to where a host call expects them. {@code at} is the address of the value's own storage. */
final class Lowering {

    private final Memory memory;

    Lowering(Memory memory) {
        this.memory = memory;
    }

    /** Puts the bytes into a block of their own. An empty list needs none: any address will do. */
    int data(byte[] value) {
        if (value.length == 0) {
            return 0;
        }
        int data = memory.allocate(value.length);
        memory.store(data, value);
        return data;
    }

    void bytes(int at, byte[] value) {
        list(at, data(value), value.length);
    }

    void string(int at, String value) {
        bytes(at, Utf8.encode(value));
    }

    void optionalString(int at, Optional<String> value) {
        memory.storeByte(at, value.isPresent() ? 1 : 0);
        if (value.isPresent()) {
            string(at + Layout.PAYLOAD_4, value.get());
        }
    }

    void optionalBytes(int at, Optional<byte[]> value) {
        memory.storeByte(at, value.isPresent() ? 1 : 0);
        if (value.isPresent()) {
            bytes(at + Layout.PAYLOAD_4, value.get());
        }
    }

    void processId(int at, ProcessId value) {
        string(at + Layout.PROCESS_NAME, value.name());
        string(at + Layout.PACKAGE_NAME, value.packageName());
        string(at + Layout.PUBLISHER, value.publisher());
    }

    void address(int at, Address value) {
        string(at + Layout.NODE, value.node());
        processId(at + Layout.PROCESS, value.process());
    }

    void capabilities(int at, List<Capability> values) {
        list(at, capabilities(values), values.size());
    }

    /** Puts the elements into a block of their own. */
    int capabilities(List<Capability> values) {
        int elements = elements(values.size(), Layout.CAPABILITY_SIZE);
        int element = elements;
        for (Capability value : values) {
            address(element + Layout.ISSUER, value.issuer());
            string(element + Layout.PARAMS, value.params());
            element += Layout.CAPABILITY_SIZE;
        }
        return elements;
    }

    void grants(int at, List<Spawn.Grant> values) {
        int element = elements(values.size(), Layout.GRANT_SIZE);
        list(at, element, values.size());
        for (Spawn.Grant value : values) {
            processId(element, value.holder());
            string(element + Layout.GRANT_PARAMS, value.params());
            element += Layout.GRANT_SIZE;
        }
    }

    void optionalBlob(int at, Optional<Blob> value) {
        memory.storeByte(at, value.isPresent() ? 1 : 0);
        if (value.isPresent()) {
            int blob = at + Layout.PAYLOAD_4;
            optionalString(blob + Layout.MIME, value.get().mime());
            bytes(blob + Layout.BLOB_BYTES, value.get().bytes());
        }
    }

    /** The record {@code request} alone, without target, context and blob. */
    void request(int at, OutgoingRequest value) {
        memory.storeByte(at + Layout.REQUEST_INHERIT, value.inherits() ? 1 : 0);
        memory.storeByte(at + Layout.REQUEST_EXPECTS, value.expectsResponse().isPresent() ? 1 : 0);
        if (value.expectsResponse().isPresent()) {
            memory.storeLong(at + Layout.REQUEST_EXPECTS + Layout.PAYLOAD_8, value.expectsResponse().getAsLong());
        }
        bytes(at + Layout.REQUEST_BODY, value.body());
        optionalString(at + Layout.REQUEST_METADATA, value.metadata());
        capabilities(at + Layout.REQUEST_CAPABILITIES, value.capabilities());
    }

    /** The parameters of {@code send-request}, which are too many to pass otherwise. */
    void sendParameters(int at, OutgoingRequest value) {
        address(at, value.target());
        request(at + Layout.SEND_REQUEST, value);
        optionalBytes(at + Layout.SEND_CONTEXT, value.context());
        optionalBlob(at + Layout.SEND_BLOB, value.blob());
    }

    /** A list of what {@link #sendParameters} writes. */
    void sendList(int at, List<OutgoingRequest> values) {
        int element = elements(values.size(), Layout.SEND_SIZE);
        list(at, element, values.size());
        for (OutgoingRequest value : values) {
            sendParameters(element, value);
            element += Layout.SEND_SIZE;
        }
    }

    void awaitParameters(int at, OutgoingRequest value) {
        address(at, value.target());
        request(at + Layout.SEND_REQUEST, value);
        optionalBlob(at + Layout.AWAIT_BLOB, value.blob());
    }

    void onExit(int at, OnExit value) {
        switch (value) {
            case OnExit.None none -> memory.storeByte(at, 0);
            case OnExit.Restart restart -> memory.storeByte(at, 1);
            case OnExit.Requests requests -> {
                memory.storeByte(at, 2);
                exitRequests(at + Layout.PAYLOAD_4, requests.requests());
            }
        }
    }

    private void exitRequests(int at, List<OutgoingRequest> values) {
        int element = elements(values.size(), Layout.EXIT_SIZE);
        list(at, element, values.size());
        for (OutgoingRequest value : values) {
            address(element, value.target());
            request(element + Layout.EXIT_REQUEST, value);
            optionalBlob(element + Layout.EXIT_BLOB, value.blob());
            element += Layout.EXIT_SIZE;
        }
    }

    /** The address of the first of so many elements. */
    private int elements(int count, int size) {
        return count == 0 ? 0 : memory.allocate(count * size);
    }

    /** A list's head: the address of its first element and their number, both in one access. */
    private void list(int at, int data, int length) {
        memory.storeLong(at, (long) length << 32 | data);
    }
}
