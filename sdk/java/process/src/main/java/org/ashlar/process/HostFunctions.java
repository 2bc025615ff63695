package org.ashlar.process;

import org.teavm.interop.Import;

/**
 * The interface {@code standard}, one method a function (without {@code our}, which {@code init} is told), flattened as the canonical ABI says: up to 16 parameters
 * are passed as they are, more through one address; a result larger than one number is written to the address that
 * comes last.
 */
final class HostFunctions {

    /** The component ties this name to the interface of the world that the package is built for. */
    private static final String MODULE = "standard";

    private HostFunctions() {
    }

    @Import(module = MODULE, name = "print-to-terminal")
    static native void printToTerminal(int verbosity, int message, int messageLength);

    @Import(module = MODULE, name = "get-on-exit")
    static native void getOnExit(int result);

    @Import(module = MODULE, name = "set-on-exit")
    static native void setOnExit(int discriminant, int requests, int requestCount);

    @Import(module = MODULE, name = "get-state")
    static native void getState(int result);

    @Import(module = MODULE, name = "set-state")
    static native void setState(int bytes, int length);

    @Import(module = MODULE, name = "clear-state")
    static native void clearState();

    @Import(module = MODULE, name = "spawn")
    static native void spawn(int hasName, int name, int nameLength, int wasmPath, int wasmPathLength,
            int onExit, int exitRequests, int exitRequestCount, int requested, int requestedCount,
            int grants, int grantCount, int open, int result);

    @Import(module = MODULE, name = "save-capabilities")
    static native void saveCapabilities(int capabilities, int count);

    @Import(module = MODULE, name = "drop-capabilities")
    static native void dropCapabilities(int capabilities, int count);

    @Import(module = MODULE, name = "our-capabilities")
    static native void ourCapabilities(int result);

    @Import(module = MODULE, name = "receive")
    static native void receive(int result);

    @Import(module = MODULE, name = "has-blob")
    static native int hasBlob();

    @Import(module = MODULE, name = "get-blob")
    static native void getBlob(int result);

    @Import(module = MODULE, name = "last-blob")
    static native void lastBlob(int result);

    @Import(module = MODULE, name = "send-request")
    static native void sendRequest(int parameters);

    @Import(module = MODULE, name = "send-requests")
    static native void sendRequests(int requests, int count);

    @Import(module = MODULE, name = "send-response")
    static native void sendResponse(int inherit, int body, int bodyLength, int hasMetadata, int metadata,
            int metadataLength, int capabilities, int capabilityCount, int hasBlob, int hasMime, int mime,
            int mimeLength, int bytes, int byteCount);

    @Import(module = MODULE, name = "send-and-await-response")
    static native void sendAndAwaitResponse(int parameters, int result);
}
