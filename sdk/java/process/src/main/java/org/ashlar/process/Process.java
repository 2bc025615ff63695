package org.ashlar.process;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a process can do. The node calls the process's {@code main} method once, with the process's own
 * address as its only argument; when that method returns, the process ends, and when it throws, the process fails.
 * Each call either returns at once or waits for the node; there are no threads.
 */
public final class Process {

    private static final Arena ARENA = new Arena();
    private static final Lowering LOWER = new Lowering(ARENA);
    private static final Lifting LIFT = new Lifting(ARENA);

    private static Optional<Address> self = Optional.empty();

    private Process() {
    }

    /** The address of this process. */
    public static Address our() {
        return self.orElseThrow(() -> new IllegalStateException("this class works inside a process only"));
    }

    static void start(Address our) {
        self = Optional.of(our);
    }

    /** Waits for the next mail, oldest first. */
    public static Mail receive() {
        int result = begin(Layout.RECEIVE_RESULT_SIZE);
        HostFunctions.receive(result);
        return LIFT.received(result, our());
    }

    /** Begins a request to {@code target}. */
    public static OutgoingRequest request(Address target) {
        return new OutgoingRequest(target);
    }

    /** Sends them all, in this order. */
    public static void sendAll(List<OutgoingRequest> requests) {
        int list = begin(Layout.LIST_SIZE);
        LOWER.sendList(list, requests);
        HostFunctions.sendRequests(ARENA.loadInt(list), ARENA.loadInt(list + Layout.LENGTH));
    }

    /** Answers the request being worked on. */
    public static void reply(byte[] body) {
        response().body(body).send();
    }

    /** Answers the request being worked on, with text sent as UTF-8. */
    public static void reply(String body) {
        response().body(body).send();
    }

    /** Begins an answer to the request being worked on, for one that carries more than a body. */
    public static OutgoingResponse response() {
        return new OutgoingResponse();
    }

    /** The blob of the message being worked on, copied anew by each call. */
    public static Optional<Blob> blob() {
        if (HostFunctions.hasBlob() == 0) {
            return Optional.empty();
        }
        int result = begin(Layout.OPTION_BLOB_SIZE);
        HostFunctions.getBlob(result);
        return LIFT.optionalBlob(result);
    }

    /** The last blob that came with any message, also an earlier one. */
    public static Optional<Blob> lastBlob() {
        int result = begin(Layout.OPTION_BLOB_SIZE);
        HostFunctions.lastBlob(result);
        return LIFT.optionalBlob(result);
    }

    /** The bytes that {@link #saveState} kept, in this life of the process or an earlier one. */
    public static Optional<byte[]> state() {
        int result = begin(Layout.OPTION_LIST_SIZE);
        HostFunctions.getState(result);
        return LIFT.optionalBytes(result);
    }

    /** Keeps these bytes in place of those kept before; they are safe on disk when this returns. */
    public static void saveState(byte[] bytes) {
        int list = begin(Layout.LIST_SIZE);
        LOWER.bytes(list, bytes);
        HostFunctions.setState(ARENA.loadInt(list), bytes.length);
    }

    /** Forgets the kept bytes. */
    public static void clearState() {
        HostFunctions.clearState();
    }

    /**
     * Begins to start a child.
     *
     * @param wasm a file of our own package, such as {@code worker.wasm}, or with a leading slash any path on a
     *     drive that this process may read
     */
    public static Spawn spawn(String wasm) {
        return new Spawn(wasm.startsWith("/") ? wasm : "/" + our().process().packageId() + "/pkg/" + wasm);
    }

    /** What happens when this process ends. */
    public static OnExit onExit() {
        int result = begin(Layout.ON_EXIT_SIZE);
        HostFunctions.getOnExit(result);
        return LIFT.onExit(result);
    }

    /** Sets what happens when this process ends. */
    public static void onExit(OnExit value) {
        int onExit = begin(Layout.ON_EXIT_SIZE);
        LOWER.onExit(onExit, value);
        int list = onExit + Layout.PAYLOAD_4;
        HostFunctions.setOnExit(ARENA.loadByte(onExit), ARENA.loadInt(list), ARENA.loadInt(list + Layout.LENGTH));
    }

    /** The capabilities that this process holds, in no particular order. */
    public static List<Capability> capabilities() {
        int result = begin(Layout.LIST_SIZE);
        HostFunctions.ourCapabilities(result);
        return LIFT.capabilities(result);
    }

    /** Keeps capabilities that came with a message, or that this process issues itself. */
    public static void saveCapabilities(List<Capability> capabilities) {
        int list = begin(Layout.LIST_SIZE);
        LOWER.capabilities(list, capabilities);
        HostFunctions.saveCapabilities(ARENA.loadInt(list), capabilities.size());
    }

    /** Gives capabilities up. Those not held are ignored. */
    public static void dropCapabilities(List<Capability> capabilities) {
        int list = begin(Layout.LIST_SIZE);
        LOWER.capabilities(list, capabilities);
        HostFunctions.dropCapabilities(ARENA.loadInt(list), capabilities.size());
    }

    /** Prints one line to the terminal and the log, at verbosity 0. {@code System.out} leads there too. */
    public static void print(String line) {
        print(0, line);
    }

    /**
     * Prints one line to the terminal and the log.
     *
     * @param verbosity from 0, always shown, to 3, shown to those who debug
     */
    public static void print(int verbosity, String line) {
        byte[] text = line.getBytes(StandardCharsets.UTF_8);
        ARENA.reset();
        int message = ARENA.allocate(text.length, 1);
        ARENA.store(message, text);
        HostFunctions.printToTerminal(verbosity, message, text.length);
    }

    static void send(OutgoingRequest request) {
        int parameters = begin(Layout.SEND_SIZE);
        LOWER.sendParameters(parameters, request);
        HostFunctions.sendRequest(parameters);
    }

    static Response await(OutgoingRequest request) {
        int parameters = begin(Layout.AWAIT_SIZE);
        int result = ARENA.allocate(Layout.AWAIT_RESULT_SIZE, 8);
        LOWER.awaitParameters(parameters, request);
        HostFunctions.sendAndAwaitResponse(parameters, result);
        return switch (LIFT.awaited(result, our())) {
            case Response response -> response;
            case SendError error -> throw new SendFailedException(error);
            case Request unexpected -> throw new IllegalStateException("the node answered with a request");
        };
    }

    static void send(OutgoingResponse response) {
        int at = begin(Layout.RESPONSE_SIZE);
        int option = ARENA.allocate(Layout.OPTION_BLOB_SIZE, 4);
        LOWER.response(at, response);
        LOWER.optionalBlob(option, response.blob());
        int body = at + Layout.RESPONSE_BODY;
        int metadata = at + Layout.RESPONSE_METADATA;
        int capabilities = at + Layout.RESPONSE_CAPABILITIES;
        int mime = option + Layout.PAYLOAD_4 + Layout.MIME;
        int bytes = option + Layout.PAYLOAD_4 + Layout.BLOB_BYTES;
        HostFunctions.sendResponse(ARENA.loadByte(at + Layout.RESPONSE_INHERIT),
                ARENA.loadInt(body), ARENA.loadInt(body + Layout.LENGTH),
                ARENA.loadByte(metadata), text(metadata), textLength(metadata),
                ARENA.loadInt(capabilities), ARENA.loadInt(capabilities + Layout.LENGTH),
                ARENA.loadByte(option), ARENA.loadByte(mime), text(mime), textLength(mime),
                ARENA.loadInt(bytes), ARENA.loadInt(bytes + Layout.LENGTH));
    }

    static Address start(Spawn spawn) {
        int result = begin(Layout.SPAWN_RESULT_SIZE);
        int name = ARENA.allocate(Layout.OPTION_LIST_SIZE, 4);
        int onExit = ARENA.allocate(Layout.ON_EXIT_SIZE, 4);
        int lists = ARENA.allocate(3 * Layout.LIST_SIZE, 4);
        int requested = lists + Layout.LIST_SIZE;
        int grants = requested + Layout.LIST_SIZE;
        LOWER.optionalString(name, spawn.name());
        LOWER.string(lists, spawn.wasmPath());
        LOWER.onExit(onExit, spawn.onExit());
        LOWER.capabilities(requested, spawn.requested());
        LOWER.grants(grants, spawn.grants());
        HostFunctions.spawn(ARENA.loadByte(name), text(name), textLength(name),
                ARENA.loadInt(lists), ARENA.loadInt(lists + Layout.LENGTH),
                ARENA.loadByte(onExit), text(onExit), textLength(onExit),
                ARENA.loadInt(requested), ARENA.loadInt(requested + Layout.LENGTH),
                ARENA.loadInt(grants), ARENA.loadInt(grants + Layout.LENGTH),
                spawn.isOpen() ? 1 : 0, result);
        return new Address(our().node(), LIFT.spawned(result, spawn.wasmPath()));
    }

    /** Empties the arena and takes the first block. Any block that holds 8-byte numbers is aligned by that, too. */
    private static int begin(int size) {
        ARENA.reset();
        return ARENA.allocate(size, 8);
    }

    /** The address part of an optional list; whatever lies there is ignored when the option is empty. */
    private static int text(int option) {
        return ARENA.loadInt(option + Layout.PAYLOAD_4);
    }

    private static int textLength(int option) {
        return ARENA.loadInt(option + Layout.PAYLOAD_4 + Layout.LENGTH);
    }
}
