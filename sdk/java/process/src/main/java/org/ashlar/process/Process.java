package org.ashlar.process;

import java.util.List;
import java.util.Optional;

/**
 * Everything that a process can do. The node calls the process's {@code main} method once, with the process's own
 * address as its only argument; when that method returns, the process ends, and when it throws, the process fails.
 * Each call either returns at once or waits for the node; there are no threads.
 */
public final class Process {

    private static final byte[] NOTHING = {};
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
        int result = ARENA.begin(Layout.RECEIVE_RESULT_SIZE);
        HostFunctions.receive(result);
        return LIFT.received(result, our());
    }

    /** Begins a request to {@code target}. */
    public static OutgoingRequest request(Address target) {
        return new OutgoingRequest(target);
    }

    /** Sends them all, in this order. */
    public static void sendAll(List<OutgoingRequest> requests) {
        int list = ARENA.begin(Layout.LIST_SIZE);
        LOWER.sendList(list, requests);
        HostFunctions.sendRequests(ARENA.loadInt(list), requests.size());
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
        int result = ARENA.begin(Layout.OPTION_BLOB_SIZE);
        HostFunctions.getBlob(result);
        return LIFT.optionalBlob(result);
    }

    /** The last blob that came with any message, also an earlier one. */
    public static Optional<Blob> lastBlob() {
        int result = ARENA.begin(Layout.OPTION_BLOB_SIZE);
        HostFunctions.lastBlob(result);
        return LIFT.optionalBlob(result);
    }

    /** The bytes that {@link #saveState} kept, in this life of the process or an earlier one. */
    public static Optional<byte[]> state() {
        int result = ARENA.begin(Layout.OPTION_LIST_SIZE);
        HostFunctions.getState(result);
        return LIFT.optionalBytes(result);
    }

    /** Keeps these bytes in place of those kept before; they are safe on disk when this returns. */
    public static void saveState(byte[] bytes) {
        ARENA.begin(0);
        HostFunctions.setState(LOWER.data(bytes), bytes.length);
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
        int result = ARENA.begin(Layout.ON_EXIT_SIZE);
        HostFunctions.getOnExit(result);
        return LIFT.onExit(result);
    }

    /** Sets what happens when this process ends. */
    public static void onExit(OnExit value) {
        int onExit = ARENA.begin(Layout.ON_EXIT_SIZE);
        LOWER.onExit(onExit, value);
        int list = onExit + Layout.PAYLOAD_4;
        HostFunctions.setOnExit(ARENA.loadByte(onExit), ARENA.loadInt(list), ARENA.loadInt(list + Layout.LENGTH));
    }

    /** The capabilities that this process holds, in no particular order. */
    public static List<Capability> capabilities() {
        int result = ARENA.begin(Layout.LIST_SIZE);
        HostFunctions.ourCapabilities(result);
        return LIFT.capabilities(result);
    }

    /** Keeps capabilities that came with a message, or that this process issues itself. */
    public static void saveCapabilities(List<Capability> capabilities) {
        ARENA.begin(0);
        HostFunctions.saveCapabilities(LOWER.capabilities(capabilities), capabilities.size());
    }

    /** Gives capabilities up. Those not held are ignored. */
    public static void dropCapabilities(List<Capability> capabilities) {
        ARENA.begin(0);
        HostFunctions.dropCapabilities(LOWER.capabilities(capabilities), capabilities.size());
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
        byte[] text = Utf8.encode(line);
        ARENA.begin(0);
        HostFunctions.printToTerminal(verbosity, LOWER.data(text), text.length);
    }

    static void send(OutgoingRequest request) {
        int parameters = ARENA.begin(Layout.SEND_SIZE);
        LOWER.sendParameters(parameters, request);
        HostFunctions.sendRequest(parameters);
    }

    static Response await(OutgoingRequest request) {
        int parameters = ARENA.begin(Layout.AWAIT_SIZE);
        int result = ARENA.allocate(Layout.AWAIT_RESULT_SIZE);
        LOWER.awaitParameters(parameters, request);
        HostFunctions.sendAndAwaitResponse(parameters, result);
        return switch (LIFT.awaited(result, our())) {
            case Response response -> response;
            case SendError error -> throw new SendFailedException(error);
            case Request unexpected -> throw new IllegalStateException("the node answered with a request");
        };
    }

    /** Few enough parameters to pass them as they are, so that only contents go through the arena. */
    static void send(OutgoingResponse response) {
        byte[] body = response.body();
        byte[] metadata = Utf8.encode(response.metadata().orElse(""));
        byte[] mime = Utf8.encode(response.blob().flatMap(Blob::mime).orElse(""));
        byte[] bytes = response.blob().map(Blob::bytes).orElse(NOTHING);
        ARENA.begin(0);
        HostFunctions.sendResponse(flag(response.inherits()), LOWER.data(body), body.length,
                flag(response.metadata().isPresent()), LOWER.data(metadata), metadata.length,
                LOWER.capabilities(response.capabilities()), response.capabilities().size(),
                flag(response.blob().isPresent()), flag(response.blob().flatMap(Blob::mime).isPresent()),
                LOWER.data(mime), mime.length, LOWER.data(bytes), bytes.length);
    }

    static Address start(Spawn spawn) {
        int result = ARENA.begin(Layout.SPAWN_RESULT_SIZE);
        byte[] name = Utf8.encode(spawn.name().orElse(""));
        byte[] wasmPath = Utf8.encode(spawn.wasmPath());
        int onExit = ARENA.allocate(Layout.ON_EXIT_SIZE);
        int grants = ARENA.allocate(Layout.LIST_SIZE);
        LOWER.onExit(onExit, spawn.onExit());
        LOWER.grants(grants, spawn.grants());
        int exitRequests = onExit + Layout.PAYLOAD_4;
        HostFunctions.spawn(flag(spawn.name().isPresent()), LOWER.data(name), name.length,
                LOWER.data(wasmPath), wasmPath.length,
                ARENA.loadByte(onExit), ARENA.loadInt(exitRequests), ARENA.loadInt(exitRequests + Layout.LENGTH),
                LOWER.capabilities(spawn.requested()), spawn.requested().size(),
                ARENA.loadInt(grants), spawn.grants().size(), flag(spawn.isOpen()), result);
        return new Address(our().node(), LIFT.spawned(result, spawn.wasmPath()));
    }

    private static int flag(boolean value) {
        return value ? 1 : 0;
    }
}
